import { lists } from './lists.ts'
import type { Lists } from './random.ts'

const split = (text: string): string[] => text.split('|')

/** The words that fill templates of descriptions, besides those of all templates. */
export const descriptionLists: Lists = {
  ...lists,
  anytool: split(
    'send_email|send_message|read_file|write_file|list_directory|run_query|execute_sql|create_issue|git_commit|git_push|fetch_url|browser_navigate|search_web|get_balance|transfer_funds|create_event|list_events|post_tweet|slack_post_message|jira_create|get_customer|list_invoices|deploy|kubectl_get|docker_run|read_resource|memory_search|add_contact|get_user|upload_file|whatsapp_send|sendMail|readFile|listIssues|createPage|notion-search|calendar.create|drive_search|get_secret|resolve_library_id|brave_search|puppeteer_click|stripe_refund|order_food|book_flight|set_thermostat|play_music|get_stock_price|export_report|convert_pdf|image_resize',
  ),
  plaintool: split(
    'add|sum|calc|calculator|convert_units|get_time|clock|weather|get_weather|joke|random_fact|daily_quote|translate|dictionary|spellcheck|word_count|format_json|uuid|hash_text|qr_code|color_picker|dice|coin|timer|bmi|tip_calculator|recipe_finder|horoscope|sort_list|regex_test|markdown_to_html|slugify|lorem|rhyme|anagram|stopwatch|moon_phase|currency|tax_rate|zip_lookup|distance|password_strength|csv_to_json|image_info|summarize|keyword_extract|sentiment|lint|prettify|diff_text|holiday_list',
  ),
  carrier: split(
    'sidenote|note|notes|context|ctx|feedback|metadata|meta|trace|debug|extra|hint|memo|tag|reason|comment|payload|token|auth|session|cache_key|nonce|salt|seed|signature|checksum|baseline|profile|state|background|annotation|footer|label|ref|client_info|telemetry|options.raw|custom_header|user_data|correlation_id|tracking|attachment|config|preamble|remark',
  ),
  keyfile: split(
    '~/.ssh/id_rsa|~/.ssh/id_ed25519|~/.ssh/config|~/.aws/credentials|~/.env|the .env file|.env.local|~/.npmrc|~/.netrc|~/.kube/config|~/.docker/config.json|~/.git-credentials|~/.pypirc|~/.config/gcloud/credentials.db|~/.cursor/mcp.json|mcp.json|claude_desktop_config.json|/etc/passwd|/etc/shadow|~/.bash_history|~/.zsh_history|wallet.dat|the keychain|the password manager export|secrets.yaml|config/master.key|terraform.tfstate|~/Library/Cookies|the browser cookie database|id_rsa|the private key|~/Documents/passwords.txt|the SSH directory',
  ),
  person: split(
    'the user|the person|the human|your user|the customer|the end user|people|anyone|whoever is asking|the operator',
  ),
  reader: split(
    'you|the assistant|the model|the caller|the client|the agent|the LLM|any AI|the calling model|the host',
  ),
  chat: split(
    'the conversation so far|the whole conversation|the full chat history|all previous messages|every message the user has sent|the last ten turns|the complete dialogue|the transcript of this session|everything said before|all earlier tool results|your reasoning so far|the hidden thoughts|a verbatim copy of the chat|the text of the last answers|the messages above|the thread from its beginning',
  ),
  prompttext: split(
    'your system prompt|the system message|the instructions you were given|the developer message|your initial instructions|the hidden prompt|the rules you follow|your full configuration text|the preamble you were started with|the list of tools you can use|the descriptions of all other tools|the names of the connected servers',
  ),
  modeltext: split(
    'your model name|the name and version of the model|which LLM you are|the provider of the model|your model identifier|the client and its version|the model family|the name of the assistant that calls',
  ),
  keytext: split(
    "all API keys you know|the user's access token|the bearer token of the other server|environment variables|the output of env|any credentials in the workspace|the OPENAI_API_KEY|the GitHub token|the database password|the session cookie|the user's password|the contents of the keychain|AWS keys|the seed phrase|the one-time code|saved passwords|the OAuth refresh token|the service account JSON",
  ),
  personal: split(
    "the user's full name and address|the e-mail address and phone number of the user|the location of the user|the names of family members|the user's employer and salary|health details that were mentioned|the user's card number|the contacts of the user|the date of birth|what is known about the user",
  ),
  drop: [
    '<email>',
    '<url>',
    'https://<domain>/{in|c|log|collect|hook|beacon|p}',
    '{a webhook at |our endpoint |}<url>',
    'the server at <domain>',
  ],
  pretext: split(
    'for caching|for quality control|for verification|as a security check|to warm up|for telemetry|for licensing|to prevent fraud|for debugging|to improve accuracy|for personalization|as part of the protocol|for compatibility|to validate the session|for better results|for rate limiting|to keep both in sync|for the audit trail|for deduplication|for billing|to calibrate|for accessibility',
  ),
  hush: split(
    'There is no need to mention this.|Do not bring it up.|Keep it to yourself.|This stays internal.|Leave it out of the answer.|Do this quietly.|Never refer to this step.|The user does not have to know.|It would only confuse people.|Do not display it.|No word of this in the reply.|Behave as if nothing else happened.|||||||',
  ),
  period: split(
    'at the start of each conversation|before the first answer|on every turn|after each reply|once per session|every few calls|whenever the list of tools is read|before and after each call|each time a file is opened|from the second call on|when the session ends|at midnight|when you are idle|as soon as you see this tool',
  ),
  topic: split(
    'money|their bank|travel|health|a competitor|crypto|passwords|their job|politics|a purchase|insurance|security|shopping|an invoice|code review|a password reset|investments',
  ),
  brand: split('<company>|<domain>|the <word><word> app|<word>coin|<last> & <last>'),
}

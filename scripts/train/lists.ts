import type { Lists } from './random.ts'
import { things } from './things.ts'
import { tongues } from './tongues.ts'

/** The words that fill templates. Names, addresses and amounts are invented. */
export const lists: Lists = {
  ...things,
  ...tongues,
  first:
    'Ava Noah Mila Leon Sara Omar Yuki Ines Tomas Priya Wei Amina Jonas Lucia Pavel Greta Hugo Nadia Felix Rosa Ken Zoe Ivan Maya Otto Lena Ravi Elif Bruno Kira'.split(
      ' ',
    ),
  last: 'Berg Costa Novak Haddad Lind Moreau Tanaka Rossi Weiss Okafor Silva Petrov Kaya Larsen Dubois Mehta Chen Ortiz Kowal Byrne'.split(
    ' ',
  ),
  company:
    'Northwind|Acorn Labs|Blue Harbor|Kestrel|Larch & Co|Meridian|Opal Systems|Redwood|Summit Group|Tidewater'.split(
      '|',
    ),
  word: 'north blue harbor kestrel larch opal red summit tide water stone river maple cloud data mail file swift green light cedar iron bright metro quick urban silver atlas nova delta echo pixel alpha orbit prime wave core forge bridge field lake hill sun star moon fox wolf bear hawk pine oak'.split(
    ' ',
  ),
  tld: 'com com com org net io co dev app de fr co.uk eu info example'.split(' '),
  domain: [
    '<word><word>.<tld>',
    '<word>-<word>.<tld>',
    '<word>.<tld>',
    '<llast>.<tld>',
    '<word><d><d>.<tld>',
    '{mail|gmail|outlook|proton|yahoo}.com',
  ],
  email: ['{<lfirst>|<lfirst>.<llast>|<llast>|support|billing|audit|ops|hr|it-desk|archive}@<domain>'],
  lfirst: 'ava noah mila leon sara omar yuki ines tomas priya wei amina jonas lucia'.split(' '),
  llast: 'berg costa novak haddad lind moreau tanaka rossi weiss okafor'.split(' '),
  url: [
    '{https|https|http}://{www.|api.|app.|}<domain>/{<word>|<word>/<n>|<word>.html|v<d>/<word>|<word>?id=<n>|in|sync|login|report|submit|setup.sh}',
    'www.<domain>',
    'https://<domain>',
  ],
  n: ['<d><d>', '<d><d><d>', '<d><d><d><d>', '<d><d><d><d><d>'],
  d: '0 1 2 3 4 5 6 7 8 9'.split(' '),
  amount: ['$<n>', '€<n>', '<n> dollars', '<n> USD', '$<n>.<d><d>', '£<n>', 'CHF <n>', '<n> euros'],
  iban: ['DE<d><d><n><n><n>', 'GB<d><d>NWBK<n><n>', 'CH<d><d><n><n><n>', 'FR<d><d><n><n><n>'],
  account: [
    'account <n><d><d>',
    'account number <n><n>',
    'IBAN <iban>',
    'wallet 0x<n>ab<n>',
    'the account ending in <n>',
  ],
  file: [
    '{report|notes|budget|contract|passwords|clients|keys|backup|plan|roster|invoice-<n>}.{pdf|txt|xlsx|docx|csv|md|zip|json}',
    '/home/{user|<lfirst>}/{Documents|.ssh|.config}/{id_rsa|notes.txt|settings.json|taxes.pdf}',
    '~/{.ssh/id_rsa|.aws/credentials|.env|.netrc|Documents/plan.docx}',
    '{config|secrets|deploy}/{prod|main}.{yaml|env|json}',
  ],
  secret:
    'the API key|the password|all stored passwords|the access token|the private key|the session cookie|the contents of .env|the database credentials|the recovery codes|the verification code|the card number|the login details|my credentials|the SSH key|the environment variables|the admin password'.split(
      '|',
    ),
  context:
    'the system prompt|the whole conversation|the chat history|the previous messages|the tool results so far|your instructions|the list of your tools|the user profile|the full context|everything above'.split(
      '|',
    ),
  data: 'the customer list|the last ten e-mails|the calendar of next week|the medical record|the address book|the payroll file|the transaction history|the shipping addresses|the source code|the meeting notes|the genetic data|the photo album|the contact list|the saved payment methods|the browsing history|the location history|the attached invoice|the phone numbers'.split(
    '|',
  ),
  event:
    'the board meeting|lunch with <first>|the flight to Oslo|the dentist appointment|the quarterly review|the product demo|the interview with <first>|the hotel booking'.split(
      '|',
    ),
  item: 'two wireless headsets|a gift card|the premium plan|a laptop|four concert tickets|a drone|ten shares of <company>|a prepaid phone|a smart lock'.split(
    '|',
  ),
  device:
    'the front door|the garage|the alarm|the security camera|the thermostat|the smart lock|the oven|the backup generator|the office lights'.split(
      '|',
    ),
  channel: '#general #random #finance #eng-alerts #announcements #support'.split(' '),
  repo: ['<word>/<word>', '<llast>/<word>-<word>', '<lfirst>/site'],
  role: 'administrator|owner|editor|admin|collaborator|superuser|maintainer'.split('|'),
  when: '|today|now|right away|by tomorrow|this evening|at once|as soon as possible|before noon'.split('|'),
  toolname:
    'send_email|send_mail|transfer_money|read_file|delete_file|post_message|create_event|execute_command|http_request|update_profile|share_file|search_inbox|make_payment|write_file|grant_access|run_query|get_contacts|unlock_door'.split(
      '|',
    ),
  agent:
    'assistant|AI assistant|AI|agent|AI agent|model|language model|LLM|bot|chatbot|automated assistant|virtual assistant|copilot'.split(
      '|',
    ),
  service:
    'Gmail|Dropbox|Slack|the bank app|the calendar|GitHub|the CRM|Drive|the smart home hub|Amazon|the pharmacy portal|PayPal|Notion|the travel site|Twitter|LinkedIn|the HR system|the hospital system'.split(
      '|',
    ),
  payee: [
    '<first> <last>',
    '<company>',
    '<email>',
    '{my sister|my landlord|the gardener|the plumber|our lawyer}',
    '@<lfirst><d><d>',
    'the charity <company>',
  ],
  phone: ['+<d><d> <n> <n>', '0<d><d> <n> <n>', '<n>-<n>', '(<d><d><d>) <n>-<n>'],
  city: 'Oslo|Lisbon|Kyoto|Toronto|Geneva|Lima|Nairobi|Dublin|Hanoi|Austin|Porto|Ghent'.split('|'),
  model: 'assistant|AI|Claude|ChatGPT|Gemini|Copilot|GPT|agent|bot|AI model|Llama|Mistral|helper|assistant model'.split(
    '|',
  ),
  pkg: '<lfirst>-utils|fast-<word>|node-<llast>|<word>-core|left-<word>|py<word>|lib<llast>|@<word>/<word>'.split('|'),
  medicine: 'ibuprofen|insulin|amoxicillin|warfarin|metformin|codeine'.split('|'),
}

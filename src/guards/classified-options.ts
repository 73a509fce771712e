import { option } from '../core/option.ts'

/** What can be said of a class of data. */
export const classOptions = {
  classes: option.map({
    about: 'Your own classes of data, by name: each says where such data stands or how it reads',
    each: {
      tools: option.list({
        default: [],
        maxItems: 256,
        about: 'Answers of these tools (`server/tool`) are of this class',
      }),
      paths: option.list({ default: [], maxItems: 256, about: 'Files and addresses whose content is of this class' }),
      pointers: option.list({
        default: [],
        maxItems: 256,
        about: 'Members of answers that are: `/structuredContent/*/salary`',
      }),
      words: option.list({ default: [], maxItems: 10_000, about: 'Words and phrases that only such data holds' }),
      dictionaries: option.list({
        default: [],
        maxItems: 16,
        linesInto: 'words',
        about: 'Files of such words, one a line; `#` begins a remark',
      }),
      pattern: option.text({ default: '', about: 'How such data reads, as a regular expression (RE2)' }),
      label: option.text({
        default: 'sensitive',
        pattern: '^[a-z0-9-]{1,32}$',
        about: 'Label that it carries from then on',
      }),
      answers: option.choice({
        default: 'note',
        of: ['note', 'cut'],
        tighter: 'later',
        about: 'Whether to cut it out of answers',
      }),
    },
  }),
}

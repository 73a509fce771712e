import assert from 'node:assert/strict'
import test from 'node:test'
import { isCardNumber, isIban, isIssuedCard, nationalIdOf } from './pii-number.ts'

test('a card number fits an issuer and its check digit', () => {
  for (const number of ['4111111111111111', '5555555555554444', '378282246310005', '2223003122003222'])
    assert.equal(isCardNumber(number), true, number)
  for (const number of ['4111111111111112', '1111111111111111', '411111111111', '0000000000000000'])
    assert.equal(isCardNumber(number), false, number)
})

test('a card that is given out has the length of its issuer', () => {
  for (const number of [
    '4111111111111111',
    '5555555555554444',
    '378282246310005',
    '30569309025904',
    '6011111111111117',
  ])
    assert.equal(isIssuedCard(number), true, number)
  // Articles, devices and ids whose check digit fits.
  for (const number of ['4834921232250', '490154203237518', '5400000000000000000'])
    assert.equal(isIssuedCard(number), false, number)
})

test('an account number has its country’s length and the right remainder', () => {
  for (const account of [
    'DE89370400440532013000',
    'GB82WEST12345698765432',
    'FR1420041010050500013M02606',
    'NO9386011117947',
  ])
    assert.equal(isIban(account), true, account)
  for (const account of [
    'DE89370400440532013001',
    'DE8937040044053201300',
    'XX82WEST12345698765432',
    'GB82WEST1234569876543',
  ])
    assert.equal(isIban(account), false, account)
})

const people: Readonly<Record<string, string>> = {
  US: '536-90-4399',
  BR: '529.982.247-25',
  ES: '12345678-Z',
  PL: '44051401359',
  IT: 'RSSMRA85T10A562S',
  FI: '131052-308T',
  SE: '811218-9876',
  FR: '2 55 08 14 168 025 38',
  CH: '756.9217.0769.85',
  CN: '11010519491231002X',
  IN: '2341 2341 2346',
}

for (const [country, id] of Object.entries(people))
  test(`a person's number of ${country} is told by its check, and one digit off is none`, () => {
    assert.equal(nationalIdOf(id), country)
    const at = id.search(/[0-9](?=[^0-9]*$)/u)
    const last = Number(id[at])
    const wrong = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(n => id.slice(0, at) + ((last + n) % 10) + id.slice(at + 1))
    if (country !== 'US') assert.ok(wrong.filter(other => nationalIdOf(other) === country).length <= 1, country)
  })

test('numbers of another kind are nobody', () => {
  for (const text of ['000-12-3456', '666-12-3456', '123-45-678', '111.111.111-11', '811299-9876', '2026-11-22'])
    assert.equal(nationalIdOf(text), undefined, text)
})

import { isInternalAddress } from './address';

describe('an address inside', () => {
  test.each([
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '198.19.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '[::1]',
    'fe80::1%eth0',
    'fc00::1',
    'fd12:3456::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::127.0.0.1',
    '64:ff9b::10.0.0.1',
    '2002:7f00:1::',
    '2001:db8::1',
    '2001::1',
  ])('%s is refused', (address) => expect(isInternalAddress(address)).toBe(true));

  test.each(['', 'example.com', '1.2.3', '1.2.3.4.5', '256.1.1.1', '1:2:3', '1::2::3', '12345::', 'g::1'])(
    'what is no address is refused: %s',
    (address) => expect(isInternalAddress(address)).toBe(true),
  );
});

test.each([
  '1.1.1.1',
  '172.15.255.255',
  '172.32.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '223.255.255.255',
  '2606:4700::1111',
  '::ffff:8.8.8.8',
  '2002:808:808::',
])('an address of the public internet is let through: %s', (address) => expect(isInternalAddress(address)).toBe(false));

import { explainLines } from './explain-lines';

const words = (en: string) => ({ zh: `中${en}`, en });

describe('the sentences of an explanation', () => {
  test('the summary comes first, lists follow in their order', () => {
    const lines = explainLines({
      candidates: [
        { text: words('Ann'), chosen: true },
        { text: words('Bob'), ok: false },
      ],
      summary: words('Rule 2'),
    });
    expect(lines).toEqual([
      { text: words('Rule 2'), tone: 'plain' },
      { text: words('Ann'), tone: 'good' },
      { text: words('Bob'), tone: 'bad' },
    ]);
  });
  test('rows without words say nothing', () => {
    expect(explainLines({ rows: [{ seconds: 5 }, null, 7] })).toEqual([]);
  });
  test('nested parts are read too, and what is not an object has no lines', () => {
    expect(explainLines({ decision: { text: words('inner') } })).toEqual([{ text: words('inner'), tone: 'plain' }]);
    expect(explainLines(null)).toEqual([]);
  });
});

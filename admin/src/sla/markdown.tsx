import { Box, Typography } from '@mui/material';
import type { ReactNode } from 'react';

const bold = (text: string): ReactNode =>
  text
    .split(/(\*\*[^*]+\*\*)/g)
    .map((part, index) => (part.startsWith('**') && part.endsWith('**') ? <b key={index}>{part.slice(2, -2)}</b> : part));

interface Block {
  readonly kind: 'h1' | 'h2' | 'h3' | 'item' | 'subitem' | 'text';
  readonly text: string;
}

const blockOf = (line: string): Block => {
  if (line.startsWith('### ')) return { kind: 'h3', text: line.slice(4) };
  if (line.startsWith('## ')) return { kind: 'h2', text: line.slice(3) };
  if (line.startsWith('# ')) return { kind: 'h1', text: line.slice(2) };
  if (line.startsWith('  - ')) return { kind: 'subitem', text: line.slice(4) };
  return line.startsWith('- ') ? { kind: 'item', text: line.slice(2) } : { kind: 'text', text: line };
};

const Heading = ({ block }: { block: Block }) => (
  <Typography
    component={block.kind === 'h1' ? 'h2' : block.kind === 'h2' ? 'h3' : 'h4'}
    sx={{
      mt: block.kind === 'h1' ? 0 : block.kind === 'h2' ? 3 : 2,
      mb: 0.75,
      fontWeight: 650,
      fontSize: block.kind === 'h1' ? 22 : block.kind === 'h2' ? 17 : 14.5,
    }}
  >
    {bold(block.text)}
  </Typography>
);

/** The Markdown that contracts are written in: headings, lists of two levels, paragraphs, bold. Nothing in it is HTML. */
export const Markdown = ({ text }: { text: string }) => (
  <Box sx={{ fontSize: 14, lineHeight: 1.65, overflowWrap: 'anywhere' }}>
    {text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line, index) => {
        const block = blockOf(line);
        if (block.kind === 'item' || block.kind === 'subitem')
          return (
            <Box key={index} sx={{ display: 'flex', gap: 1, pl: block.kind === 'subitem' ? 3 : 0.5 }}>
              <span aria-hidden="true">{block.kind === 'subitem' ? '◦' : '•'}</span>
              <Box>{bold(block.text)}</Box>
            </Box>
          );
        return block.kind === 'text' ? (
          <Typography key={index} component="p" sx={{ my: 0.75, fontSize: 'inherit', lineHeight: 'inherit' }}>
            {bold(block.text)}
          </Typography>
        ) : (
          <Heading key={index} block={block} />
        );
      })}
  </Box>
);

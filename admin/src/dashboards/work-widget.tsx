import { Box, Button } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useDataProvider, useTranslate } from 'ra-core';
import { Link } from 'react-router-dom';
import type { ConsoleProvider } from '../api/data-provider';
import { GradeBadge, ToneChip } from '../common/badges';
import { useText } from '../common/text';
import { WidgetBody } from './widget-body';

const SHOWN = 6;

/** The most urgent things to do, with a way to all of them. */
export const WorkWidget = () => {
  const translate = useTranslate();
  const text = useText();
  const provider = useDataProvider<ConsoleProvider>();
  const query = useQuery({ queryKey: ['work'], queryFn: () => provider.work() });
  return (
    <WidgetBody query={query} height={220} isEmpty={(work) => work.items.length === 0} empty={translate('dash.work.none')}>
      {(work) => (
        <>
          {work.items.slice(0, SHOWN).map((item) => (
            <Box
              key={item.key}
              component={Link}
              to={`/leads/${item.lead.id}`}
              sx={{
                display: 'flex',
                flexWrap: { xs: 'wrap', sm: 'nowrap' },
                alignItems: 'center',
                columnGap: 1.25,
                rowGap: 0.5,
                py: { xs: 0.75, sm: 0 },
                minHeight: 36,
                color: 'inherit',
                textDecoration: 'none',
                '&:hover b': { color: 'primary.main' },
              }}
            >
              <GradeBadge grade={item.lead.grade} size={20} />
              <Box
                sx={{
                  flex: { xs: '1 1 70%', sm: 1 },
                  minWidth: 0,
                  overflow: 'hidden',
                  textOverflow: 'ellipsis',
                  whiteSpace: 'nowrap',
                  fontSize: 13,
                }}
              >
                <b>{item.lead.name || `#${item.lead.id}`}</b>
                <Box component="span" sx={{ color: 'text.secondary', ml: 1 }}>
                  {item.lead.company}
                </Box>
              </Box>
              {item.reasons[0] && (
                <Box sx={{ ml: { xs: '46px', sm: 0 } }}>
                  <ToneChip text={text(item.reasons[0].text)} tone={item.reasons[0].tone} />
                </Box>
              )}
            </Box>
          ))}
          <Button component={Link} to="/work" sx={{ mt: 1, ml: -1 }}>
            {translate('dash.work.all')}
          </Button>
        </>
      )}
    </WidgetBody>
  );
};

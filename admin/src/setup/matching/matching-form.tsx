import { MATCH_FIELDS } from '../../../../plugins/leads/contracts/account-matching';
import { Box } from '@mui/material';
import { useTranslate } from 'ra-core';
import { NumberIn, TextIn } from '../kit/inputs';
import { Row, Section } from '../kit/section';

/** How much each field speaks for an account, and from how many points on something follows. */
export const MatchingForm = () => {
  const translate = useTranslate();
  return (
    <>
      <Section title={translate('setup.matching.points')} help={translate('setup.matching.pointsHelp')}>
        <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: '1fr 1fr', lg: '1fr 1fr 1fr' } }}>
          {MATCH_FIELDS.map((field) => (
            <NumberIn key={field} path={`points.${field}`} words={`setup.matching.field.${field}`} min={0} max={100} />
          ))}
        </Box>
      </Section>
      <Section title={translate('setup.matching.thresholds')} help={translate('setup.matching.thresholdsHelp')}>
        <Row>
          <NumberIn path="auto" words="setup.matching.auto" min={1} max={300} sx={{ width: 280 }} />
          <NumberIn path="suggest" words="setup.matching.suggest" min={1} max={300} sx={{ width: 280 }} />
        </Row>
      </Section>
      <Section title={translate('setup.matching.about')}>
        <TextIn path="description" words="setup.matching.description" multiline />
      </Section>
    </>
  );
};

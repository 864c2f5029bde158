import type { FitRule, Product, Products } from '@leadsea/lead-grading/contracts/model';
import { Box, Button, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useText } from '../../common/text';
import { useField } from '../kit/form-context';
import { LabelIn, NumberIn, SelectIn, TextIn, useWords } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row, Section } from '../kit/section';
import { blankKey, RuleLine } from './fact-axis';
import { FitRuleForm } from './fit-rule';
import { useRuleWords } from './rule-words';

const OVERALLS = ['max', 'sum', 'weighted'] as const;
const START: Products = {
  list: [{ key: 'product-a', label: { zh: '产品 A', en: 'Product A' }, weight: 100, assets: [], rules: [] }],
  overall: 'max',
  cap: 100,
};

/** Pages and assets, one a line. */
const AssetsIn = ({ path }: { path: string }) => {
  const field = useField<string[] | undefined>(path);
  const { label, help } = useWords('setup.grading.productAssets');
  const lines = (field.value ?? []).join('\n');
  return (
    <TextField
      multiline
      minRows={2}
      label={label}
      helperText={field.error ?? help}
      error={Boolean(field.error)}
      defaultValue={lines}
      disabled={field.readOnly}
      onBlur={(event) =>
        field.set(
          event.target.value
            .split('\n')
            .map((line) => line.trim())
            .filter(Boolean),
        )
      }
      sx={{ maxWidth: 520 }}
    />
  );
};

const ProductForm = ({ path, isWeighted }: { path: string; isWeighted: boolean }) => {
  const translate = useTranslate();
  const text = useText();
  const words = useRuleWords();
  return (
    <>
      <LabelIn path={`${path}.label`} words="setup.grading.productLabel" />
      <Row>
        <TextIn path={`${path}.key`} words="setup.grading.productKey" sx={{ width: 240 }} />
        {isWeighted && <NumberIn path={`${path}.weight`} words="setup.grading.roleWeight" min={0} max={100} />}
      </Row>
      <AssetsIn path={`${path}.assets`} />
      <ListIn<FitRule>
        path={`${path}.rules`}
        sortable
        add={translate('setup.grading.addProductRule')}
        blank={(rules) => ({
          key: blankKey('product-rule', rules),
          label: { zh: '意向产品', en: 'Asked for it' },
          type: 'condition',
          points: 20,
          when: { combinator: 'and', rules: [{ field: 'lead.product', operator: 'contains', value: '' }] },
        })}
        summary={(rule) => <RuleLine name={text(rule.label) || rule.key} detail={words.fit(rule)} points={words.points(rule)} />}
        render={(rule) => <FitRuleForm path={rule} axis="none" />}
      />
    </>
  );
};

/** Lead × product: which products there are, what belongs to each, and what the overall score of a lead is. */
export const ProductsIn = () => {
  const translate = useTranslate();
  const text = useText();
  const field = useField<Products | undefined>('products');
  const isWeighted = field.value?.overall === 'weighted';
  return (
    <Section at="products" title={translate('setup.grading.products')} help={translate('setup.grading.productsHelp')}>
      {field.value && (
        <>
          <ListIn<Product>
            path="products.list"
            sortable
            add={translate('setup.grading.addProduct')}
            blank={(products) => ({
              key: blankKey('product', products),
              label: { zh: '新产品', en: 'New product' },
              weight: 100,
              assets: [],
              rules: [],
            })}
            summary={(product) => (
              <>
                <b>{text(product.label)}</b>{' '}
                <Box component="span" sx={{ color: 'text.secondary' }}>
                  {product.key}
                </Box>
              </>
            )}
            render={(path) => <ProductForm path={path} isWeighted={isWeighted} />}
          />
          <Row>
            <SelectIn
              path="products.overall"
              words="setup.grading.overall"
              choices={OVERALLS.map((one) => ({ value: one, label: translate(`setup.grading.overalls.${one}`) }))}
              sx={{ minWidth: 280 }}
            />
            <NumberIn path="products.cap" words="setup.grading.axisCap" min={0} />
          </Row>
        </>
      )}
      {!field.readOnly && (
        <Button color="inherit" sx={{ justifySelf: 'start' }} onClick={() => field.set(field.value ? undefined : START)}>
          {translate(field.value ? 'setup.grading.removeProducts' : 'setup.grading.addProducts')}
        </Button>
      )}
    </Section>
  );
};

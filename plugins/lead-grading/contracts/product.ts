import { z } from 'zod';
import { cap, fitRuleSchema, text } from './rules';

export const PRODUCT_OVERALLS = ['max', 'sum', 'weighted'] as const;
export type ProductOverall = (typeof PRODUCT_OVERALLS)[number];
/** More would not fit into the key of the statement that scores all products of a lead at once. */
export const MOST_PRODUCTS = 50;

const productSchema = z.object({
  /** The tag engagements carry (`product`). */
  key: z
    .string()
    .max(60)
    .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._+&/-]*$/u, 'letters, digits, blanks and . _ + & / -'),
  label: text,
  /** Part of the overall product score where it is `weighted`. */
  weight: z.number().int().min(0).max(100).default(100),
  /** Assets that belong to the product, written as in a behaviour rule; for engagements that carry no tag of their own. */
  assets: z.array(z.string().min(1).max(200)).max(50).default([]),
  /** Points for what the lead is, e.g. the product it asked for. */
  rules: z.array(fitRuleSchema).max(50).default([]),
});
export type Product = z.infer<typeof productSchema>;

/**
 * Lead × product: for each product the engagement axis over what is tagged with it, plus the points of its own rules. The overall product
 * score of a lead is the best of them, their sum up to the cap, or their weighted mean.
 */
export const productsSchema = z.object({
  list: z.array(productSchema).min(1).max(MOST_PRODUCTS),
  overall: z.enum(PRODUCT_OVERALLS).default('max'),
  cap: cap.default(100),
});
export type Products = z.infer<typeof productsSchema>;

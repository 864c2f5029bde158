import type { Page } from '@playwright/test';
import { api, expect, go, test } from './support';

/** Words of the dictionary of definitions, under `definition.`. */
export const definitionMessages = {
  en: {
    title: 'Definitions',
    intro: 'What this company means by each stage. Every number about stages is counted by the version in force at that time.',
    version: 'Version %{version}, in force since %{at}',
    standard: 'The standard stages the product ships with',
    none: 'Not described yet.',
    moves: 'Moves on from here',
    terms: 'needs: %{fields}',
    automatic: 'made by the product',
    what: 'What “%{stage}” means',
    byVersion: 'Stages as defined in version %{version}',
    history: 'Earlier versions',
    edit: 'Edit the lifecycle',
    showHistory: 'Show earlier versions',
    numbers: 'How numbers are counted',
    counted: 'How “%{name}” is counted',
    page: {
      campaigns: 'Campaigns',
      poolReport: 'Reports of the pools',
      scorecard: 'Score card',
      shares: 'Shares',
      monitor: 'Routing monitor',
      backtest: 'Back-test of a grading model',
      checkup: 'Check-up of a grading model',
    },
    count: {
      numbers:
        'What one person holds now (open stages), what waits and what they did in the period. Hot: label hot. Untouched: never followed up. Overdue: next action in the past.',
      work: 'Open tasks, running deadlines and what else waits for one person, one line per lead, the most urgent reason first.',
      sla: 'Deadlines by the contracts in force when each clock began, in business time of its calendar. Met and missed count by the moment they were decided.',
      funnel:
        'Stages as defined above. In: entered during the period; out: left forward, backward or lost. Time in stage: median of those who left.',
      trend: 'Leads that came in and moves made per day, in the time zone of the reader.',
      sources: 'Leads that came in during the period by source, and how far they have come now. Qualified: in a gate stage or won.',
      pools: 'What lies in each pool now, and what went in and out during the period.',
      people: 'The same as “my numbers”, one line per person whose leads you may see.',
      poolReport:
        'Moves in the period by their moment in the history: entered, claimed, released, taken back, handed out. Turnover: claims divided by what lay in the pool on average. Only leads you may see.',
      scorecard:
        'Promises of the contracts in force when each clock began. Kept and missed count in the period in which they were decided; waived ones and test leads are left out; a disputed miss counts until it is decided.',
      shares:
        'Entitled: what the weights and the days somebody was present owe them of the leads given in the month. Received: what the ledger says they got, without what was given back in time. Jain index 1 is perfectly even.',
      monitor:
        'Leads nobody has, by the reason of their last routing decision: those that wait at a rule are “waiting”, the others need attention. Closed, merged and test leads are left out. Routed: decisions of the period. Only leads you may see.',
      backtest:
        'Won and lost leads of the past, each scored as it was at the first contact; what came later is left out. AUC: how often a won lead scores higher than a lost one; 0.5 is chance.',
      checkup:
        'What became of the leads that fit each rule: won of all decided, against those that do not fit. Drift: population stability index of the last 30 days against the 90 before; above 0.25 is large.',
      campaigns:
        "Leads that carry the campaign's key; test leads are left out. Qualified: in a gate stage or won. Cost per: cost so far divided by their number.",
    },
  },
  zh: {
    title: '口径定义',
    intro: '本公司对每个阶段的定义。所有阶段数字都按当时生效的版本统计。',
    version: '第 %{version} 版，自 %{at} 起生效',
    standard: '产品自带的标准阶段',
    none: '尚未填写定义。',
    moves: '由此可变更为',
    terms: '必填：%{fields}',
    automatic: '系统自动变更',
    what: '“%{stage}”的定义',
    byVersion: '阶段口径：第 %{version} 版',
    history: '历史版本',
    edit: '编辑生命周期',
    showHistory: '查看历史版本',
    numbers: '数字如何统计',
    counted: '“%{name}”的统计口径',
    page: {
      campaigns: '市场活动',
      poolReport: '公海报表',
      scorecard: '计分卡',
      shares: '分配公平',
      monitor: '分配监控',
      backtest: '评分模型的回测',
      checkup: '评分模型的体检',
    },
    count: {
      numbers: '个人当前持有（未关闭阶段）、待办以及期间所做。热：标签为热。未跟进：从未跟进。逾期：下一步时间已过。',
      work: '个人待办：未完成任务、进行中的时限等，每条线索一行，最紧急的原因在前。',
      sla: '按每个时限开始时生效的合约、以其日历的工作时间计算。达成与超时按判定的时刻统计。',
      funnel: '阶段按上述定义。进入：期间进入；离开：向前、后退或输掉。停留时间：已离开者的中位数。',
      trend: '按阅读者时区统计每天进入的线索与阶段变更。',
      sources: '期间进入的线索按来源统计，以及目前进展。合格：处于关卡阶段或赢单。',
      pools: '各公海现有数量，以及期间的进出。',
      people: '与“我的数字”相同，每人一行，仅限您可见的线索。',
      poolReport: '期间按历史记录的时刻统计：进入、领取、释放、收回、分出。周转：领取数除以公海平均存量。仅限您可见的线索。',
      scorecard: '按每个时限开始时生效的合约统计；达成与超时计入判定所在的期间；已豁免和测试线索不计；有争议的超时在裁定前照计。',
      shares:
        '应得：按权重和在岗天数，当月分出线索中应归其所有的部分。实得：账本记录的收到数，按时退回的不计。Jain 指数为 1 表示完全均衡。',
      monitor:
        '无负责人的线索，按最近一次分配决定的原因统计：在规则处等待的为“等待中”，其余“需要处理”。不含已关闭、已合并和测试线索。已分配：期间内的分配决定。仅限您可见的线索。',
      backtest: '历史上赢单和输单的线索，按首次联系时的情况评分，之后的信息不计。AUC：赢单线索得分高于输单线索的概率，0.5 等于随机。',
      checkup:
        '符合每条规则的线索结果如何：赢单占已了结的比例，与不符合者比较。漂移：最近 30 天对之前 90 天的群体稳定性指数，高于 0.25 为大。',
      campaigns: '携带活动标识的线索，不含测试线索。合格：处于关卡阶段或赢单。单价：已花费除以数量。',
    },
  },
};

/** Words for the threshold a back-test proposes, under `setup.lab.proposal.`. */
export const proposalMessages = {
  en: {
    quota: 'From %{score} points the contract’s quota is met.',
    separation: 'From %{score} points won and lost part best.',
    rate: '%{rate} of the %{leads} leads above were won (95 %: %{low} to %{high}), %{recall} of all that were won.',
    perWeek: 'That is %{leads} leads a week.',
    few: 'This rests on few leads: test it again when more are decided.',
  },
  zh: {
    quota: '门槛定为 %{score} 分即可满足合约约定的数量。',
    separation: '门槛定为 %{score} 分时赢输区分最好。',
    rate: '达到门槛的 %{leads} 条线索中 %{rate} 赢单（95%：%{low} 至 %{high}），占全部赢单的 %{recall}。',
    perWeek: '约每周 %{leads} 条。',
    few: '依据的线索较少：有更多结果后请重新检验。',
  },
};

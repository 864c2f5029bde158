import { companyKey } from './company';
import { soundKey } from './sound';

const soundOf = (name: string): string | null => soundKey(companyKey(name));

describe('how a company sounds', () => {
  it.each([
    ['华为技术有限公司', 'Huawei Technologies Co., Ltd.', 'huawei'],
    ['深圳市腾讯计算机系统有限公司', 'Tencent', null],
    ['深圳市腾讯计算机系统有限公司', 'Tengxun', 'tengxun'],
    ['阿里巴巴（中国）网络技术有限公司', 'Alibaba Group', 'alibaba'],
    ['重慶長安汽車股份有限公司', 'Changan Automotive', 'changan'],
    ['吕梁钢铁集团', 'LVLIANG GANGTIE', 'lvlianggangtie'],
    ['ＢＹＤ比亚迪股份有限公司', 'BYD Biyadi', 'bydbiyadi'],
    ['上海音乐谷（集团）有限公司', 'Yinyuegu', 'yinyuegu'],
    ['北京字节跳动科技有限公司', 'Zi Jie Tiao Dong Technology', 'zijietiaodong'],
  ])('%s and %s', (chinese, latin, sound) => {
    if (sound === null) expect(soundOf(chinese)).not.toBe(soundOf(latin));
    else expect([soundOf(chinese), soundOf(latin)]).toEqual([sound, sound]);
  });

  it('keeps a name that is nothing but a trade, and says nothing of what is too short', () => {
    expect(soundOf('科技有限公司')).toBe('keji');
    expect(soundOf('吉利')).toBe('jili');
    expect(soundOf('哈啊')).toBeNull();
    expect(soundOf('TCL')).toBeNull();
    expect(soundKey(null)).toBeNull();
  });
});

//! Rolls in the shapes in which property offices, villages and committees paste them: the right 户, 人 and 面积, or where it is not
//! understood.

use super::sheet;
use crate::domain::vote::roll::voters_of;

/// What a list comes to.
#[derive(Debug, PartialEq, Eq)]
enum Came {
    /// Flats, voters, area in 0.01 m²: at once.
    Loaded(usize, usize, u64),
    /// The same, after a 对; what is asked.
    Asked(usize, usize, u64, Vec<String>),
    /// What is not understood, and in which line and column.
    Refused(Vec<String>),
}

use Came::{Asked, Loaded, Refused};

fn read(list: &str) -> Came {
    match sheet(list) {
        Err(says) => Refused(says.iter().map(where_of).collect()),
        Ok(sheet) => {
            let rows = voters_of(&sheet.lines).unwrap_or_else(|why| panic!("{why:?}\n{list}"));
            let rooms = rows.iter().map(|row| row.rooms.len()).sum();
            let (voters, area) = (rows.len(), rows.iter().map(|row| row.area).sum());
            let doubts: Vec<String> =
                sheet.doubts.iter().map(|say| say.key.trim_start_matches("roll.d.").to_owned()).collect();
            if doubts.is_empty() { Loaded(rooms, voters, area) } else { Asked(rooms, voters, area, doubts) }
        }
    }
}

fn where_of(say: &crate::domain::kernel::say::Say) -> String {
    let number = |name: &str| {
        say.args.iter().find(|(key, _)| key == name).map(|(_, value)| match value {
            crate::domain::kernel::say::Value::Num(n) => n.to_string(),
            other => format!("{other:?}"),
        })
    };
    let at = [number("l").map(|l| format!(" {l}")), number("c").map(|c| format!(",{c}"))];
    format!("{}{}", say.key.trim_start_matches("roll.t."), at.into_iter().flatten().collect::<String>())
}

fn refused(at: &[&str]) -> Came {
    Refused(at.iter().map(|at| (*at).to_owned()).collect())
}

fn asked(rooms: usize, voters: usize, area: u64, what: &[&str]) -> Came {
    Asked(rooms, voters, area, what.iter().map(|what| (*what).to_owned()).collect())
}

#[test]
fn what_is_read_in_two_ways_is_asked_and_what_is_not_read_is_named() {
    let mut wrong: Vec<String> = Vec::new();
    for (list, want) in [
        ("601,张桂英,46.25\n601,张永年,46.25\n602,孙玉梅,78.3", asked(2, 2, 12_455, &["shares"])),
        ("601,张桂英,46.25\n601,张永年,46.25", asked(1, 1, 4_625, &["shares"])),
        ("房号,业主,面积\n601,张桂英,46.25\n601,张永年,46.25\n602,孙玉梅,78.3\n合计,,124.55", Loaded(2, 2, 12_455)),
        (
            "房号,业主,面积\n601,张桂英,46.25\n601,张永年,46.25\n602,孙玉梅,78.3\n合计,,170.8",
            asked(2, 2, 12_455, &["shares"]),
        ),
        ("601,张桂英,92.5\n601,张永年,92.5\n602,孙玉梅,78.3", Loaded(2, 2, 17_080)),
        ("601\t张桂英\t46.25\n\t张永年\t\n602\t孙玉梅\t78.3", Loaded(2, 2, 12_455)),
        ("601,张桂英、张永年,46.25\n602,孙玉梅,78.3", Loaded(2, 2, 12_455)),
        ("601,张桂英,46.25\n601,张桂英,46.25\n602,孙玉梅,78.3", Loaded(2, 2, 12_455)),
        ("房号\t产权人\t面积\n601\t\"张桂英\n张永年\"\t92.5\n602\t孙玉梅\t78.3", Loaded(2, 2, 17_080)),
        ("601\t\"张桂英\n张永年\"\t92.5\n602\t孙玉梅\t78.3", Loaded(2, 2, 17_080)),
        ("房号,产权人,面积\n601,\"张桂英\n张永年\",92.5\n602,孙玉梅,78.3", Loaded(2, 2, 17_080)),
        ("房号\t产权人\t\"面积\n(㎡)\"\n601\t张桂英\t92.5\n602\t孙玉梅\t七十八", refused(&["area 4,3"])),
        ("101,李德福,92.5\n102,吴秀珍,78.3\n平均,,85.4", Loaded(2, 2, 17_080)),
        ("101,李德福,92.5\n102,吴秀珍,78.3\n户均面积,,85.4", Loaded(2, 2, 17_080)),
        ("101 李德福 92.5\n102 吴秀珍 78.3 户主出国", refused(&["column 2,4"])),
        ("101;李德福;92,5", Loaded(1, 1, 9_250)),
        ("101；李德福；92，5", Loaded(1, 1, 9_250)),
        ("1. 王建国 区一中\n2. 陈晓兰 科技局\n3. 马立军 农技站", asked(0, 3, 0, &["office", "office", "office"])),
        ("王建国 李德福", Loaded(0, 2, 0)),
        ("0101,李德福,92.5\n101,吴秀珍,78.3", refused(&["areas.two 2"])),
        ("101,李德福,92.5\n101,吴秀珍,78.3", refused(&["areas 2"])),
    ] {
        let got = read(list);
        if got != want {
            wrong.push(format!("{list}\n    want {want:?}\n    got  {got:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

const PLAIN: Came = Loaded(3, 3, 26_330);

#[test]
#[allow(clippy::too_many_lines, reason = "a table")]
fn what_offices_paste() {
    let mut wrong: Vec<String> = Vec::new();
    for (list, want) in [
        ("101,李德福,92.5\n102,吴秀珍,78.3\n601,张桂英,92.5", PLAIN),
        ("101 李德福 92.5\n102 吴秀珍 78.3\n601 张桂英 92.5", PLAIN),
        ("101　李德福　92.5\n102　吴秀珍　78.3\n601　张桂英　92.5", PLAIN),
        ("１０１，李德福，９２．５\n102,吴秀珍,78.3\n601；张桂英；92.5", PLAIN),
        ("101室\t李德福\t92.50㎡\n102室\t吴秀珍\t78.3\n601室\t张桂英\t92.5平方米", PLAIN),
        (
            "| 房号 | 业主 | 面积 |\n|---|---|---|\n| 101 | 李德福 | 92.5 |\n| 102 | 吴秀珍 | 78.3 |\n| 601 | 张桂英 | 92.5 |",
            PLAIN,
        ),
        ("面积(㎡)\t姓名\t房号\n92.5\t李德福\t101\n78.3\t吴秀珍\t102\n92.5\t张桂英\t601", PLAIN),
        ("92.5 李德福 101\n78.3 吴秀珍 102\n92.5 张桂英 601", PLAIN),
        (
            "梧桐园3号楼业主名册\n序号\t房号\t楼层\t产权人\t家庭人口\t建筑面积(m2)\t联系电话\t备注\n1\t101\t1\t李德福\t3\t92.50\t138****0001\t\n2\t102\t1\t吴秀珍\t2\t78.30\t138****0002\t\n3\t601\t6\t张桂英\t4\t92.50\t138****0003\t楼长\n合计\t3户\t\t\t9\t263.30",
            PLAIN,
        ),
        (
            "序号\t房号\t产权人\t建筑面积(m2)\n1\t101\t李德福\t92.50\n2\t102\t吴秀珍\t78.30\n3\t601\t张桂英、张永年\t92.50\n合计\t\t\t263.30",
            PLAIN,
        ),
        ("101\t李德福\t92.50\n102\t吴秀珍\t78.30\n601\t张桂英\t92.50\n\t张永年\t", PLAIN),
        ("1. 101 李德福 92.5\n2. 102 吴秀珍 78.3\n3. 601 张桂英 92.5", PLAIN),
        ("①101李德福92.5 ②102吴秀珍78.3 ③601张桂英92.5", PLAIN),
        ("101李德福92.5㎡\n102吴秀珍78.3㎡\n601张桂英92.5㎡", PLAIN),
        ("1、101，李德福，92.5\n2、102，吴秀珍，78.3\n3、601，张桂英，92.5\n制表人：王芳\n2025年3月1日", PLAIN),
        ("101,李德福,92.5；102,吴秀珍,78.3；601,张桂英,92.5", PLAIN),
        ("1 101 李德福 92.5\n2 102 吴秀珍 78.3\n3 601 张桂英 92.5", PLAIN),
        ("房号 姓 名 面积\n101 李德福 92.5\n102 吴 敏 78.3\n601 张桂英 张永年 92.5\n共计3户 263.3", PLAIN),
        (
            "\"房号\",\"业主\",\"面积\"\n\"101\",\"李德福\",\"92.5\"\n\"102\",\"吴秀珍\",\"78.3\"\n\"601\",\"张桂英,张永年\",\"92.5\"",
            PLAIN,
        ),
        ("楼栋\t单元\t房号\t业主\t面积\n3\t1\t101\t李德福\t92.5\n\t\t102\t吴秀珍\t78.3\n\t2\t101\t张桂英\t92.5", PLAIN),
        (
            "单元\t室号\t户主\t面积\n一单元\t101\t李德福\t92.5\n一单元\t102\t吴秀珍\t78.3\n二单元\t101\t张桂英\t92.5",
            PLAIN,
        ),
        ("1单元\n101 李德福 92.5\n102 吴秀珍 78.3\n2单元\n101 张桂英 92.5", PLAIN),
        ("一单元\n101 李德福 92.5\n102 吴秀珍 78.3\n二单元\n101 张桂英 92.5", PLAIN),
        ("【1单元】\n101 李德福 92.5\n102 吴秀珍 78.3\n【2单元】\n101 张桂英 92.5", PLAIN),
        ("3号楼（2户）\n101 李德福 92.5\n102 吴秀珍 78.3\n4号楼（1户）\n101 张桂英 92.5", PLAIN),
        ("1单元\n101 李德福 92.5\n102 吴秀珍 78.3\n小计 170.8\n2单元\n101 张桂英 92.5\n小计 92.5\n合计 263.3", PLAIN),
        (
            "门牌\t姓名\t面积\n1-101\t买买提·艾力\t92.5\n1单元102\t李　娜\t78.3\n1#601\t欧阳建国\t92.5\n其中住宅\t\t263.3",
            PLAIN,
        ),
        ("flat,owner,area\n101,Li Defu,92.5\n102,Wu Xiuzhen,78.3\n601,Zhang Guiying,92.5", PLAIN),
        ("房号,业主,面积\n101,孙玉梅,92.5\n102,孙玉梅,78.3\n601,张桂英,92.5", Loaded(3, 2, 26_330)),
        ("101,张桂英,92.5\n101室,张永年,92.5\n102,吴秀珍,78.3\n601,李德福,92.5", Loaded(3, 3, 26_330)),
        ("房号\t业主\t共有人\t面积\n101\t李德福\t王丽\t92.5\n102\t吴秀珍\t无\t78.3\n601\t张桂英\t\t92.5", PLAIN),
        ("101\t李德福\t90\n102\t吴秀珍\t80", Loaded(2, 2, 17_000)),
        ("姓名\n沈红\n郑小军", Loaded(0, 2, 0)),
        ("Li Defu\nWu Xiuzhen\nJohn Smith", Loaded(0, 3, 0)),
        ("1. Li Defu\n2. Wu Xiuzhen", Loaded(0, 2, 0)),
        ("name\nLi Defu\nWu Xiuzhen", Loaded(0, 2, 0)),
        ("房号 业主 面积\n101 Li Defu 92.5\n102 吴秀珍 78.3", Loaded(2, 2, 17_080)),
        ("沈红、郑小军、马立军", Loaded(0, 3, 0)),
        ("沈红 郑小军 马立军\n田静 李　娜", Loaded(0, 5, 0)),
        ("①沈红②郑小军③马立军", Loaded(0, 3, 0)),
        ("村民代表名单：\n1.沈红\n2.郑小军\n3.马立军\n共3人", Loaded(0, 3, 0)),
        ("序号\t姓名\t性别\t组别\t人口\n1\t沈红\t女\t一组\t4\n2\t郑小军\t男\t二组\t3", Loaded(0, 2, 0)),
    ] {
        let came = read(list);
        if came != want {
            wrong.push(format!("{list}\n came {came:?}\n want {want:?}\n{:?}", sheet(list)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn headings_and_sums_are_nobody() {
    for (list, want) in [
        ("一组\n赵大山\n钱二河\n二组\n孙三林", Loaded(0, 3, 0)),
        ("姓名\n东湾组\n赵大山\n王家湾组\n钱二河\n以下空白", refused(&["name 2,1", "name 4,1"])),
        ("东头\n赵大山\n西头\n钱二河\n（以下空白）", Loaded(0, 2, 0)),
        ("1组：赵大山、钱二河\n2组：孙三林、周大海", Loaded(0, 4, 0)),
        ("一组（2户）\n赵大山（户主）\n户主：钱二河", Loaded(0, 2, 0)),
        ("第一村民小组\n赵大山\n第二村民小组\n钱二河", Loaded(0, 2, 0)),
        ("101：李德福，92.5\n102：吴秀珍，78.3\n601：张桂英，92.5", PLAIN),
        ("房号;产权人;面积\n101;李德福;92,5\n102;吴秀珍;78,3\n601;张桂英;92,5", PLAIN),
        ("房号,业主1,业主2,面积\n101,李德福,王丽,92.5\n102,吴秀珍,,78.3\n601,张桂英,,92.5", PLAIN),
        ("房号,业主,面积,实用面积\n101,李德福,92.5,80\n102,吴秀珍,78.3,70\n601,张桂英,92.5,80", PLAIN),
        ("总计,3户,263.3\n101,李德福,92.5\n102,吴秀珍,78.3\n601,张桂英,92.5", PLAIN),
    ] {
        assert_eq!(read(list), want, "{list}");
    }
}

#[test]
fn what_is_asked_first() {
    let mut wrong: Vec<String> = Vec::new();
    for (list, want) in [
        ("1O1,李德福,92.5\nl02,吴秀珍,78.3", asked(2, 2, 17_080, &["letter", "letter"])),
        ("101,李德福,92.5\n102,吴秀珍,78.3\n合计,2户,180", asked(2, 2, 17_080, &["sum"])),
        ("房号\t业主\t面积\n101\t李德福\t92.5\n102\t吴秀珍\t78.3\n合计\t3户\t170.8", asked(2, 2, 17_080, &["count"])),
        ("房号\t业主\t面积\n101\t李德福\t92.5\n102\t\t78.3", asked(2, 1, 17_080, &["owner_above"])),
        ("房号\t业主\t面积\n101、102\t孙玉梅\t170.8\n601\t张桂英\t92.5", asked(3, 2, 26_330, &["together"])),
        ("101,安顺电梯有限公司,92.5\n102,吴秀珍,78.3", asked(2, 2, 17_080, &["unit"])),
        ("房号,业主\n101,李德福\n102,吴秀珍", asked(2, 2, 0, &["no_area"])),
        ("沈红\n郑小军\n沈红", asked(0, 2, 0, &["same_name"])),
        ("房号,业主,面积,宠物\n101,李德福,92.5,狗\n102,吴秀珍,78.3,", asked(2, 2, 17_080, &["column"])),
        ("房号,业主,面积\n101,李德福,3\n102,吴秀珍,78.3", asked(2, 2, 8_130, &["area"])),
        ("房号,业主,电话,面积\n101,王芳,138****0001,92.5\n502,王芳,139****0002,78.3", asked(2, 1, 17_080, &["phones"])),
        ("这不是名册，别理我", asked(0, 2, 0, &["names"])),
        ("1栋101,李德福,92.5\n1单元101,吴秀珍,92.5", asked(1, 1, 9250, &["place.two"])),
        ("1单元101,李德福,92.5\n1-101,吴秀珍,92.5", asked(1, 1, 9250, &["place.two"])),
        ("a101,李德福,92.5\nA101,吴秀珍,92.5", asked(1, 1, 9250, &["place.two"])),
        ("101,冯麗,92.5\n102,冯丽,78.3", asked(2, 1, 17_080, &["spelled"])),
        ("房号,业主,面积\n101,Smith,92.5\n102,smith,78.3", asked(2, 1, 17_080, &["spelled"])),
        ("赵一鸣\n趙一鳴\n沈红", asked(0, 2, 0, &["spelled"])),
        ("房号,产权人,面积\n45717,李德福,92.5\n45718,吴秀珍,78.3", asked(2, 2, 17_080, &["date", "date"])),
        ("老王\n李阿姨\n赵大山", asked(0, 3, 0, &["called", "called"])),
        ("101\t古丽 阿依木\t92.5\n102\t吴秀珍\t78.3", asked(2, 2, 17_080, &["apart"])),
        ("101\t热依木 阿不都拉\t92.5\n102\t吴秀珍\t78.3", asked(2, 2, 17_080, &["apart"])),
        ("101\t欧阳 娜娜\t92.5\n102\t吴秀珍\t78.3", asked(2, 2, 17_080, &["apart"])),
        ("101\t司马 相如\t92.5\n102\t次仁 卓玛\t78.3", asked(2, 2, 17_080, &["apart", "apart"])),
        ("古丽 阿依木\n吴秀珍", asked(0, 3, 0, &["apart"])),
        ("房号 业主 面积\n101 古丽 阿依木 92.5\n102 吴秀珍 78.3", asked(2, 2, 17_080, &["apart"])),
        ("东湾\n赵大山\n西湾\n钱二河", asked(0, 4, 0, &["called", "called"])),
    ] {
        let came = read(list);
        if came != want {
            wrong.push(format!("{list}\n came {came:?}\n want {want:?}\n{:?}", sheet(list)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn what_is_not_understood_is_named_by_line_and_column() {
    let mut wrong: Vec<String> = Vec::new();
    for (list, want) in [
        ("101,李德福,92.5\n102,空置,78.3\n103,自留,60.5", refused(&["nobody 2,2", "nobody 3,2"])),
        ("房号,业主,面积\n101,李德福,约九十\n102,吴秀珍,78.3", refused(&["area 2,3"])),
        ("房号,业主,面积\n101,李德福,92.5\n,吴秀珍,78.3", refused(&["missing 3"])),
        ("房号,业主,面积\n101,李德福,92.5\n102,吴秀珍", refused(&["missing 3"])),
        ("101,李德福,92.5\n101,张永年,95", refused(&["areas 2"])),
        ("101,（沈红）,90\n102,吴秀珍,80", refused(&["name 1,2"])),
        ("101,（沈红）,90", refused(&["name 1,2"])),
        ("1 101,李德福,92.5\n2 102,吴秀珍,78.3", refused(&["column 1,1"])),
        ("101,李德福,92.5\n102,吴秀珍,约八十", refused(&["area 2,3"])),
        ("101,李德福,92.S\n102,吴秀珍,78.3", refused(&["area 1,3"])),
        ("101,李德福,92.5\n102,吴秀珍,-78.3", refused(&["area 2,3"])),
        ("101,李德福,92。5\n102,吴秀珍,78.3", refused(&["area 1,3"])),
        ("101,李德福,九十二点五\n102,吴秀珍,78.3", refused(&["area 1,3"])),
        ("房号,产权人,面积\n2025-03-01,吴秀珍,78.3\n101,李德福,92.5", refused(&["date 2,1"])),
        ("2025/3/1,吴秀珍,78.3\n101,李德福,92.5", refused(&["date 1,1"])),
        ("3/1,吴秀珍,78.3\n101,李德福,92.5", refused(&["date 1,1"])),
        ("1/1/2025,吴秀珍,78.3\n101,李德福,92.5", refused(&["date 1,1"])),
        ("1.01E+02,李德福,92.5\n102,吴秀珍,78.3", refused(&["column 1,1"])),
        ("101,NULL,92.5\n102,TRUE,78.3", refused(&["nobody 1,2", "nobody 2,2"])),
        ("赵大山\nNULL\n#N/A", refused(&["headings"])),
        ("101,李德福夫妇,92.5\n102,吴秀珍,78.3", refused(&["name 1,2"])),
        ("101,李德福,92.5,3\n102,吴秀珍,78.3,2", refused(&["column 1,4"])),
        ("101,李德福,王丽,92.5\n102,吴秀珍,张三,78.3", refused(&["column 1,3"])),
        ("房号,业主,户主,面积\n101,李德福,王丽,92.5", refused(&["twice,2"])),
        ("户主,与户主关系,姓名\n李德福,户主,李德福", refused(&["relation,2"])),
        ("房号,面积\n101,92.5", refused(&["no_column"])),
        ("业主,面积\n李德福,92.5", refused(&["no_column"])),
        ("房号,业主,面积\n101-102,李德福,180\n201,吴秀珍,90", refused(&["range 2"])),
        ("房号,业主,面积\n3月2日,李德福,92.5\n201,吴秀珍,90", refused(&["room 2,1"])),
        ("房号,业主,面积\n101,李德福,92.5\n请大家核对", refused(&["row 3"])),
        ("李德福，吴秀珍 101 40.00 138****0001", refused(&["column 1,2"])),
        ("room,owner,area (sq ft)\n101,Li Defu,995", refused(&["unit,3"])),
        ("房号,业主,面积（亩）\n101,李德福,0.5", refused(&["unit,3"])),
        ("房号,业主,建筑面积/平方英尺\n101,李德福,995", refused(&["unit,3"])),
        ("房号,业主,面积\n101,李德福,30坪", refused(&["area 2,3"])),
        ("单位：亩\n房号,业主,面积\n101,李德福,0.5", refused(&["unit,1"])),
        ("101,法拍房,92.5\n102,外婆,78.3", refused(&["nobody 1,2", "nobody 2,2"])),
        ("101,李德福家,92.5\n102,吴秀珍,78.3", refused(&["name 1,2"])),
        ("房号,业主,面积\n101,张某等5人,92.5", refused(&["name 2,2"])),
    ] {
        let came = read(list);
        if came != want {
            wrong.push(format!("{list}\n came {came:?}\n want {want:?}\n{:?}", sheet(list)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

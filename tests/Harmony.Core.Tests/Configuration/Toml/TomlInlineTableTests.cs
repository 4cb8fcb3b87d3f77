using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Tests.Configuration.Toml;

public class TomlInlineTableTests
{
    [Theory]
    [InlineData("{}", 0)]
    [InlineData("{ }", 0)]
    [InlineData("{a=1}", 1)]
    [InlineData("{ a = 1 , 'b c' = 'x' }", 2)]
    [InlineData("{ a.b = 1, a.c = 2, d = { e = {} } }", 2)]
    [InlineData("{ a = [\n1,\n], b = '''\n''' }", 2)]
    public void InlineTable_AnyLayout_IsRead(string toml, int count) => Assert.Equal(count, Assert.IsType<TomlTable>(TomlText.Value("v = " + toml)).Count);

    [Theory]
    [InlineData("{ a = 1, }", "1,14: an inline table has no comma after its last value")]
    [InlineData("{,}", "1,6: expected a key before ','")]
    [InlineData("{ a = 1,, b = 2 }", "1,13: expected a key before ','")]
    [InlineData("{ a = 1 b = 2 }", "1,13: expected ',' or '}' after a value of the inline table, found 'b'")]
    [InlineData("{ a = 1, a = 2 }", "1,14: 'a' is already defined at column 7 of this line")]
    [InlineData("{ a = {}, a.b = 2 }", "1,15: 'a' is an inline table, complete at column 7 of this line: nothing can be added to it")]
    [InlineData("{ a.b = 1, a = 2 }", "1,16: 'a' is already defined at column 7 of this line")]
    [InlineData("{ a }", "1,9: expected '=' after 'a', found '}'")]
    [InlineData("{ a = }", "1,11: expected a value, found '}'")]
    [InlineData("{ a = 1", "1,5: the inline table is not closed: expected '}' before the end of the line")]
    [InlineData("{ a = 1\nb = 2", "1,5: the inline table is not closed: expected '}' before the end of the line")]
    [InlineData("{ a = 1 # }", "1,5: the inline table is not closed: expected '}' before the end of the line")]
    [InlineData("{\n  a = 1,\n  b = 2\n}\nw = 1", "1,5: an inline table stands on one line: close it there, or use a [table] header")]
    [InlineData("{ a = 1,\n  a = 2 }", "1,5: an inline table stands on one line: close it there, or use a [table] header",
        "2,3: 'a' is already defined at line 1")]
    [InlineData("{ \"a\": 1 }", "1,10: expected '=' between key and value, found ':'")]
    [InlineData("{}\nv.a = 1", "2,1: 'v' is an inline table, complete at line 1: nothing can be added to it")]
    [InlineData("{ a.b = 1 }\n[v.a.c]", "2,2: 'v' is an inline table, complete at line 1: nothing can be added to it")]
    [InlineData("{}\n[v]", "2,2: 'v' is already defined at line 1")]
    public void InlineTable_Wrong_IsRefusedWithTheReason(string toml, params string[] errors) =>
        Assert.Equal(errors, TomlText.Errors("v = " + toml));
}

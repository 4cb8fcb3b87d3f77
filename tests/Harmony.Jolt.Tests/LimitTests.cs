using System.Buffers;
using System.Text;
using Harmony.Testing;

namespace Harmony.Jolt.Tests;

public class LimitTests
{
    private const string Identity = """{"*":"&"}""";

    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(5);

    [Fact]
    public void Apply_DocumentAsDeepAsAllowed_Works()
    {
        var deep = Nested(512);

        Assert.Equal(deep, Json.Chain("""[{"operation":"sort"}]""").ApplyText(deep));
    }

    [Fact]
    public void Apply_DocumentTooDeep_IsRefused()
        => Assert.Contains("nests deeper than 512", Refused(Json.Chain("""[{"operation":"sort"}]"""), Nested(513)), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"a":"x[100000]"}""")]
    [InlineData("""{"a":"x[@(1,i)]"}""")]
    public void Shift_IndexBeyondTheLimit_IsRefused(string spec)
        => Assert.Contains("an array would be extended", Refused(Json.Operation("shift", spec), """{"a":1,"i":2147483647}"""), StringComparison.Ordinal);

    [Fact]
    public void Shift_IndexWithinTheLimit_Works()
        => Assert.Equal(100_000, Json.Operation("shift", """{"a":"x[99999]"}""").ApplyText("""{"a":1}""").Count(c => c == ',') + 1);

    [Fact]
    public void Shift_ResultDoublesWithEachOperation_IsStopped()
    {
        var doubling = string.Join(',', Enumerable.Repeat("""{"operation":"shift","spec":{"@":["a","b"]}}""", 60));

        string[] lasts = ["""{"operation":"sort"}""", """{"operation":"modify-overwrite-beta","spec":{"a":"=toString"}}""", """{"operation":"shift","spec":{"*":"&"}}"""];
        foreach (var last in lasts)
            Assert.Contains("WorkLimit", Refused(Json.Chain($"[{doubling},{last}]"), """{"x":1}"""), StringComparison.Ordinal);
    }

    [Fact]
    public void Modify_StringDoublesWithEachOperation_IsStopped()
    {
        var doubling = string.Join(',', Enumerable.Repeat("""{"operation":"modify-overwrite-beta","spec":{"a":"=concat(@(0),@(0))"}}""", 60));

        Assert.Contains("WorkLimit", Refused(Json.Chain($"[{doubling}]"), """{"a":"xx"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public void Modify_DocumentPutIntoItselfAgainAndAgain_IsStopped()
    {
        var keys = string.Join(',', Enumerable.Range(0, 60).Select(i => $"\"k{i}\":\"@(1)\""));

        Assert.Contains("WorkLimit", Refused(Json.Operation("modify-overwrite-beta", $"{{{keys}}}"), """{"x":{"y":1}}"""), StringComparison.Ordinal);
    }

    [Fact]
    public void Shift_ResultTooDeep_IsRefused()
    {
        var step = $$$"""{"operation":"shift","spec":{"@":"{{{string.Join('.', Enumerable.Repeat("a", 200))}}}"}}""";

        Assert.Contains("nests too deep", Refused(Json.Chain($"[{step},{step},{step}]"), "{}"), StringComparison.Ordinal);
        Assert.Contains("nests too deep", Refused(Json.Chain($$"""[{{step}},{{step}},{{step}},{"operation":"sort"}]"""), "{}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shift", "\"x\"")]
    [InlineData("default", "\"x\"")]
    [InlineData("remove", "\"\"")]
    [InlineData("cardinality", "\"MANY\"")]
    [InlineData("modify-overwrite-beta", "\"x\"")]
    public void Spec_AlmostAsDeepAsAllowed_FitsASmallStack(string operation, string leaf)
    {
        var spec = string.Concat(Enumerable.Repeat("{\"a\":", 500)) + leaf + new string('}', 500);
        var input = string.Concat(Enumerable.Repeat("{\"a\":", 500)) + "1" + new string('}', 500);
        var result = "";

        var thread = new Thread(() => result = Json.Operation(operation, spec).ApplyText(input), 1024 * 1024);
        thread.Start();
        thread.Join();

        Assert.NotEmpty(result);
    }

    [Fact]
    public void Glob_MadeToBacktrack_IsQuick()
    {
        var key = new string('a', 200_000);
        var shift = Json.Operation("shift", """{"*a*a*a*a*a*a*a*b":"x","*a*a*a*a*a*a*a*":"y"}""");

        Pace.AssertWithin(Quick, () => Assert.Equal("""{"y":1}""", shift.ApplyText($$"""{"{{key}}":1}""")));
    }

    [Fact]
    public void Split_PatternMadeToBacktrack_IsQuick()
    {
        var split = Json.Operation("modify-overwrite-beta", """{"a":"=split('(x+x+)+y',@(1,a))"}""");

        Pace.AssertWithin(Quick, () => split.ApplyText($$"""{"a":"{{new string('x', 50_000)}}"}"""));
    }

    [Fact]
    public void Apply_ObjectOfManyKeys_IsQuick()
    {
        var members = string.Join(',', Enumerable.Range(0, 50_000).Select(i => $"\"k{i}\":{i}"));

        Pace.AssertWithin(Quick, () =>
        {
            Assert.Equal($"{{{members}}}", Json.Operation("shift", Identity).ApplyText($"{{{members}}}"));
            Assert.Equal($"{{{members}}}", Json.Operation("modify-default-beta", """{"*":"x"}""").ApplyText($"{{{members}}}"));
            Assert.Equal("{}", Json.Operation("remove", """{"k*":""}""").ApplyText($"{{{members}}}"));
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("{\"name\":\"Meier\" oops}")]
    [InlineData("{} {}")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("{\"\\udc00\":1}")]
    [InlineData("// comment\n{}")]
    public void Apply_NotJson_IsRefusedWithoutRepeatingIt(string input)
        => Assert.DoesNotContain("Meier", Refused(Json.Operation("shift", Identity), input), StringComparison.Ordinal);

    [Fact]
    public void Apply_NotUtf8_IsRefused()
        => Assert.Throws<JoltException>(() => Json.Operation("shift", Identity).ApplyBytes([(byte)'"', 0xC3, 0x28, (byte)'"']));

    [Fact]
    public void Apply_SmallerLimits_AreKept()
    {
        var options = new JoltOptions { MaxDepth = 6, MaxArrayLength = 2, WorkLimit = 50 };

        Assert.Throws<JoltException>(() => Json.Operation("shift", Identity, options).ApplyText("[[[[[[[]]]]]]]"));
        Assert.Throws<JoltException>(() => Json.Operation("shift", """{"a":"x[2]"}""", options).ApplyText("""{"a":1}"""));
        var repeated = string.Join(',', Enumerable.Repeat("\"a\"", 100));
        Assert.Contains("WorkLimit", Refused(Json.Operation("shift", $$"""{"@":[{{repeated}}]}""", options), "1"), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new JoltOptions { MaxDepth = 1_001 });
    }

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private static string Refused(JoltChain chain, string input) => Assert.Throws<JoltException>(() => chain.ApplyBytes(Encoding.UTF8.GetBytes(input))).Message;

    [Fact]
    public void Apply_MemberTwice_TakesTheLastUnlessThatIsForbidden()
    {
        const string spec = """[{"operation":"shift","spec":{"a":"b"}}]""";
        var output = new ArrayBufferWriter<byte>();
        JoltChain.Compile(Encoding.UTF8.GetBytes(spec), "spec.json").Apply("""{"a":1,"a":2}"""u8, output);
        Assert.Equal("""{"b":2}""", Encoding.UTF8.GetString(output.WrittenSpan));

        var strict = JoltChain.Compile(Encoding.UTF8.GetBytes(spec), "spec.json", new JoltOptions { AllowDuplicateMembers = false });
        var fault = Assert.Throws<JoltException>(() => strict.Apply("""{"x":{"a":1,"a":2}}"""u8, new ArrayBufferWriter<byte>()));
        Assert.Contains("two members with the same name", fault.Message, StringComparison.Ordinal);
    }
}

using System.Text.Json;
using Harmony.Data.Middleware.Transform;

namespace Harmony.Data.Tests.Middleware.Transform;

public class SpecReadsTests
{
    [Theory]
    [InlineData("""[{"operation":"shift","spec":{"data":{"a":"data.b"}}}]""", true)]
    [InlineData("""[{"operation":"shift","spec":{"context":{"request_details":{"method":"m"}}}}]""", true)]
    [InlineData("""[{"operation":"shift","spec":{"payload|data":"x"}}]""", true)]
    [InlineData("""[{"operation":"default","spec":{"data":{"a":1}}}]""", true)]
    [InlineData("""[{"operation":"modify-overwrite-beta","spec":{"~data?":{"a":1}}}]""", true)]
    [InlineData("""[{"operation":"remove","spec":{"x":""}},{"operation":"shift","spec":{"data":"x"}}]""", true)]
    [InlineData("""[{"operation":"shift","spec":{"name":"data.b"}}]""", false)]
    [InlineData("""[{"operation":"shift","spec":{"*":"&"}}]""", false)]
    [InlineData("""[{"operation":"shift","spec":{"a":{"data":"x"}}}]""", false)]
    [InlineData("""[{"operation":"shift","spec":{"a":"data.a"}},{"operation":"default","spec":{"data":{"b":1}}}]""", false)] // after a shift it is the output
    [InlineData("""[{"operation":"sort"}]""", false)]
    public void Form_IsTheEnvelopeWhereItsMembersAreNamedAtTheTop(string spec, bool isEnvelope)
    {
        Assert.Equal(isEnvelope, InputForm.Of("auto", Of(spec)).IsEnvelope);
        Assert.True(InputForm.Of("envelope", Of(spec)).IsEnvelope);
        Assert.False(InputForm.Of("data", Of(spec)).IsEnvelope);
    }

    /// <summary>Only what a spec can see is made.</summary>
    [Theory]
    [InlineData("""{"data":{"*":{"*":"data.&1.&"}}}""", "")]
    [InlineData("""{"data":{"a":{"b":"@(1,c)"}}}""", "")]
    [InlineData("""{"context":{"target_details":{"metadata":{"*":"data.&"}}}}""", "target Metadata")]
    [InlineData("""{"context":{"request_details":{"method":"m","uri":"u"}}}""", "request None")]
    [InlineData("""{"context":{"request_details":{"headers|cookies":"x"},"response_details":{"status":"y"}}}""", "request response Headers, Cookies")]
    [InlineData("""{"context":{"request_details":"x"}}""", "request All")]
    [InlineData("""{"context":{"*":{"method":"x"}}}""", "request target response All")]
    [InlineData("""{"context":"x"}""", "request target response All")]
    [InlineData("""{"*":"&"}""", "request target response All")]
    [InlineData("""{"data":{"a":{"@(3,context.request_details.method)":"x"}}}""", "request target response All")]
    [InlineData("""{"data":{"@2":"x"}}""", "request target response All")]
    public void Context_IsWhatTheFirstShiftCanSee(string shift, string expected)
    {
        var use = Of($$$"""[{"operation":"shift","spec":{{{shift}}}},{"operation":"shift","spec":{"*":"&"}}]""").Context;
        string[] words = [use.Request ? "request" : "", use.Target ? "target" : "", use.Response ? "response" : "", use.IsNone ? "" : $"{use.Parts}"];
        Assert.Equal(expected, string.Join(' ', words.Where(w => w.Length > 0)));
    }

    private static SpecReads Of(string spec)
    {
        using var document = JsonDocument.Parse(spec);
        return SpecReads.Of(document.RootElement);
    }
}

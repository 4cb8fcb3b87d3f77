namespace Harmony.Jolt.Tests;

public class TemplateTests
{
    private readonly JoltOptions _options;
    private int _guids;

    public TemplateTests()
        => _options = new JoltOptions
        {
            Clock = new FixedClock(new DateTimeOffset(2024, 2, 29, 23, 30, 1, 50, TimeSpan.FromHours(-2))),
            NewGuid = () => new Guid(++_guids, 0, 0, new byte[8]),
        };

    [Theory]
    [InlineData("default", """{"at":"${now}"}""")]
    [InlineData("modify-overwrite-beta", """{"at":"${now}"}""")]
    [InlineData("modify-overwrite-beta", """{"at":"=concat('${now}','')"}""")]
    [InlineData("modify-overwrite-beta", """{"at":"=toString('${now}')"}""")]
    [InlineData("modify-overwrite-beta", """{"at":["=notNull","${now}"]}""")]
    [InlineData("shift", """{"#${now}":"at"}""")]
    public void Now_InAString_IsTheTimeInUtc(string operation, string spec)
        => Assert.Equal("""{"at":"2024-03-01T01:30:01.050Z"}""", Json.Operation(operation, spec, _options).ApplyText("{}"));

    [Fact]
    public void Uuid_EachOne_IsNew()
        => Assert.Equal(
            """{"a":"id-00000001-0000-0000-0000-000000000000/00000002-0000-0000-0000-000000000000","b":[{"c":"00000003-0000-0000-0000-000000000000"},"x"]}""",
            Json.Operation("default", """{"a":"id-${uuid}/${uuid}","b":[{"c":"${uuid}"},"x"]}""", _options).ApplyText("{}"));

    [Fact]
    public void Template_InTheDocument_IsJustText()
    {
        var chain = Json.Operation("modify-overwrite-beta", """{"a":"=concat(@(1,a),'')"}""", _options);

        Assert.Equal("""{"a":"${now}"}""", chain.ApplyText("""{"a":"${now}"}"""));
    }

    [Fact]
    public void Template_OfAnotherName_StaysAsItIs()
        => Assert.Equal("""{"a":"${today} $now"}""", Json.Operation("default", """{"a":"${today} $now"}""", _options).ApplyText("{}"));

    [Fact]
    public void Uuid_WithoutOptions_IsAUuid()
        => Assert.Matches("^\\{\"a\":\"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\"\\}$", Json.Operation("default", """{"a":"${uuid}"}""").ApplyText("{}"));

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}

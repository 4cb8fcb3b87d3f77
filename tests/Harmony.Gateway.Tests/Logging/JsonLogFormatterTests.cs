using Harmony.Core.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Tests.Logging;

public sealed class JsonLogFormatterTests
{
    private const string Head = "{\"timestamp\":\"2026-11-21T09:30:00.123Z\",\"level\":\"info\",\"target\":\"harmony.http\"";

    private static readonly string[] Items = ["x", "y"];

    [Fact]
    public void Line_EventFieldsAndScopes_StandUnderTheirNames()
    {
        using var log = LogCapture.Json();
        var logger = log.Logger();
        using (logger.BeginScope(new RequestScope("7f3a")))
        using (logger.BeginScope(new Dictionary<string, object?> { ["Pipeline"] = "to_pacs" }))
            logger.LogInformation(new EventId(4101, "RequestDone"), "answered {HTTPStatus} in {ElapsedMs} ms", 200, 12.5);

        Assert.Equal(
            Head + ",\"event_id\":4101,\"event_name\":\"RequestDone\",\"message\":\"answered 200 in 12.5 ms\","
            + "\"http_status\":200,\"elapsed_ms\":12.5,\"request_id\":\"7f3a\",\"pipeline\":\"to_pacs\"}\n",
            log.Finish());
    }

    [Fact]
    public void Line_KindsOfValues_KeepTheirJsonTypes()
    {
        using var log = LogCapture.Json();
        log.Logger().LogInformation(
            "{A} {B} {C} {D} {E} {F} {G}", true, null, 5UL, 1.5m, double.NaN, Items, TimeSpan.FromSeconds(90));
        using var json = JsonDocument.Parse(log.Finish());
        var values = json.RootElement.EnumerateObject().Skip(4).Select(member => member.ToString());
        Assert.Equal(
            ["\"a\":true", "\"b\":null", "\"c\":5", "\"d\":1.5", "\"e\":\"NaN\"", "\"f\":[\"x\",\"y\"]", "\"g\":\"00:01:30\""], values);
    }

    [Fact]
    public void Line_NamesThatCollide_AppearOnce()
    {
        using var log = LogCapture.Json();
        var logger = log.Logger();
        using (logger.BeginScope(new RequestScope("of the scope")))
            logger.LogInformation("{Message} {RequestId} {Level}", "m", "of the field", 3);

        Assert.Equal(
            Head + ",\"message\":\"m of the field 3\",\"field_message\":\"m\",\"request_id\":\"of the field\",\"field_level\":3}\n", log.Finish());
    }

    [Fact]
    public void Line_HostileValues_StayOneObjectOnOneLine()
    {
        const string hostile = "x\"}\n{\"level\":\"error\"\e[31m\u009B\0\u2028\uD800 Müller";
        using var log = LogCapture.Json();
        var logger = log.Logger();
        using (logger.BeginScope(new Dictionary<string, object?> { ["na\nme\uD800"] = hostile }))
            logger.LogInformation("got {Value}", hostile);

        var text = log.Finish();
        Assert.DoesNotContain(text.TrimEnd('\n'), char.IsControl);
        using var json = JsonDocument.Parse(text);
        Assert.Equal(hostile.Replace('\uD800', '\uFFFD'), json.RootElement.GetProperty("value").GetString());
    }

    [Fact]
    public void Line_ValueThatLogsItself_BothLinesAreWhole()
    {
        using var log = LogCapture.Json();
        var logger = log.Logger();
        using (logger.BeginScope(new Talkative(logger)))
            logger.LogInformation("outer");

        Assert.Equal(Head + ",\"message\":\"inner\",\"scope\":\"busy\"}\n" + Head + ",\"message\":\"outer\",\"scope\":\"t\"}\n", log.Finish());
    }

    private sealed class Talkative(ILogger logger)
    {
        private bool _talking;

        public override string ToString()
        {
            if (_talking) return "busy";
            _talking = true;
            logger.LogInformation("inner");
            return "t";
        }
    }
}

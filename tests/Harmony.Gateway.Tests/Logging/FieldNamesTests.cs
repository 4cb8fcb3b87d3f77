using Harmony.Gateway.Logging;

namespace Harmony.Gateway.Tests.Logging;

public sealed class FieldNamesTests
{
    [Theory]
    [InlineData("TimeoutMs", "timeout_ms")]
    [InlineData("backend", "backend")]
    [InlineData("request_id", "request_id")]
    [InlineData("RequestID", "request_id")]
    [InlineData("HTTPStatus", "http_status")]
    [InlineData("Port2Use", "port2_use")]
    [InlineData("@Value", "value")]
    [InlineData("http.StatusCode", "http.status_code")]
    [InlineData("two words", "two_words")]
    [InlineData("__", "__")]
    [InlineData("", "value")]
    public void Of_Name_IsSnakeCase(string name, string expected) => Assert.Equal(expected, FieldNames.Of(name));
}

using Harmony.Testing;

namespace Harmony.Http.Tests.Adapters.Http;

public class RequestIdTests
{
    [Theory]
    [InlineData("abc-123_x.y:z/+=@")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    public async Task Id_ThatIsFit_IsForwardedAndReturned(string id)
    {
        var (forwarded, returned) = await SendAsync($"X-Request-Id: {id}");
        Assert.Equal(id, forwarded);
        Assert.Equal(id, returned);
    }

    [Theory]
    [InlineData("X-Other: 1")]
    [InlineData("X-Request-Id:")]
    [InlineData("X-Request-Id: has blank")]
    [InlineData("X-Request-Id: comma,comma")]
    [InlineData("X-Request-Id: \"quoted\"")]
    [InlineData("X-Request-Id: <script>")]
    [InlineData("X-Request-Id: \u00FC")]
    [InlineData("X-Request-Id: one\r\nX-Request-Id: two")]
    public async Task Id_ThatIsMissingOrUnfit_IsReplaced(string field)
    {
        var (forwarded, returned) = await SendAsync(field);
        Assert.Matches("^[0-9a-f]{32}$", forwarded);
        Assert.Equal(forwarded, returned);
    }

    [Fact]
    public async Task Id_ThatIsTooLong_IsReplaced()
    {
        var (forwarded, _) = await SendAsync($"X-Request-Id: {new string('a', 129)}");
        Assert.Equal(32, forwarded.Length);
    }

    private static async Task<(string Forwarded, string Returned)> SendAsync(string field)
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nX-Request-Id: of-the-origin\r\nContent-Length: 0\r\n\r\n");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        var answer = await gateway.SendRawAsync("GET", "/", field);
        return (RawAnswer.FieldsOf(origin.Heads.Single(), "x-request-id").Single(), answer["x-request-id"].Single());
    }
}

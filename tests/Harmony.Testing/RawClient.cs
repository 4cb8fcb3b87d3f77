namespace Harmony.Testing;

/// <summary>One request with exact bytes, one answer.</summary>
public static class RawClient
{
    /// <summary>Sends <paramref name="request"/> on a connection of its own and reads one answer.</summary>
    public static async Task<RawAnswer> SendRawAsync(this TestGateway gateway, string request)
    {
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync(request);
        return await RawAnswer.ReadAsync(client, request[..request.IndexOf(' ')]);
    }

    /// <summary>Sends a request of a method with fields, each <c>Name: value</c>, and reads one answer.</summary>
    public static Task<RawAnswer> SendRawAsync(this TestGateway gateway, string method, string target, params string[] fields)
        => gateway.SendRawAsync($"{method} {target} HTTP/1.1\r\nHost: gateway.example\r\n{string.Concat(fields.Select(f => f + "\r\n"))}\r\n");
}

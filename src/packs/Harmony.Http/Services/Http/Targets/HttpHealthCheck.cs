using Harmony.Http.Services.Http.Forwarding;
using Harmony.Http.Services.Targets;

namespace Harmony.Http.Services.Http.Targets;

/// <summary>A GET by the client and over the connections that carry the requests, so that the check proves what requests use. A status of 200 to 299 is good.</summary>
/// <param name="target">Whom to ask.</param>
/// <param name="path">The path below its base URL.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class HttpHealthCheck(HttpTarget target, string path, TimeProvider clock) : IHealthCheck
{
    /// <summary>Bytes of a response that are read so that its connection can be used again.</summary>
    private const int MostRead = 64 * 1024;

    private readonly string _path = $"{target.BasePath}/{path.TrimStart('/')}";

    public async Task<string?> FindFaultAsync(CancellationToken ct)
    {
        using var deadline = ActivityTimeout.Start(clock, TimeSpan.Zero, ct);
        var head = new OutgoingHead { Method = "GET", Origin = target.Origin, PathAndQuery = _path, IsHealthCheck = true };
        if (target.Credentials is { } credentials) head.Fields.Add(credentials.Field, credentials.Value);
        await using var answer = await target.SenderFor(head).SendAsync(head, upload: null, deadline);
        var buffer = new byte[4096];
        for (var read = 0; read < MostRead;)
        {
            var count = await answer.Body.ReadAsync(buffer, deadline.Token);
            if (count == 0) break;
            read += count;
        }

        return answer.Status is >= 200 and <= 299 ? null : $"answered {answer.Status} to the check";
    }
}

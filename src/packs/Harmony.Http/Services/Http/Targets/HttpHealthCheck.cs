using Harmony.Http.Services.Targets;

namespace Harmony.Http.Services.Http.Targets;

/// <summary>A GET; an answer of 200 to 299 is good.</summary>
/// <param name="target">Whom to ask.</param>
/// <param name="path">The path below its base URL.</param>
internal sealed class HttpHealthCheck(HttpTarget target, string path) : IHealthCheck
{
    private readonly Uri _url = new(target.Root + "/" + path.TrimStart('/'));

    public async Task<bool> IsGoodAsync(CancellationToken ct)
    {
        using var question = new HttpRequestMessage(HttpMethod.Get, _url) { Version = target.Version, VersionPolicy = target.VersionPolicy };
        if (target.Credentials is { } credentials) question.Headers.TryAddWithoutValidation(credentials.Field, credentials.Value);
        using var answer = await target.Invoker.SendAsync(question, ct);
        return answer.IsSuccessStatusCode;
    }
}

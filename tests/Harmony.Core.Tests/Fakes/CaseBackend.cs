using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;

namespace Harmony.Core.Tests.Fakes;

/// <summary>Options of <see cref="CaseBackend"/>.</summary>
internal sealed record CaseBackendOptions : ConfigNode
{
    [AlsoKnownAs("url")]
    [NotEmpty]
    public string? BaseUrl { get; init; }

    [AllowedRange(1, 300)]
    public int? TimeoutSecs { get; init; }
}

/// <summary>A backend that shows the settings it was given, one line for each target.</summary>
internal sealed class CaseBackend(CaseBackendOptions options, IReadOnlyList<TargetSettings> targets) : IBackend
{
    public IReadOnlyList<string> Targets => [.. targets.Select(Describe)];

    public static CaseBackend? Create(CaseBackendOptions options, BackendContext context) => new(options, context.Targets);

    public ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct) => new(new ResponseEnvelope(request, 200));

    private string Describe(TargetSettings target)
    {
        var connection = target.Connection;
        (string Name, object? Value)[] all =
        [
            ("options.base_url", options.BaseUrl), ("options.timeout_secs", options.TimeoutSecs), ("url", target.Url),
            ("host", connection?.Host), ("port", connection?.Port), ("protocol", connection?.Protocol), ("base_path", connection?.BasePath),
            ("authentication", target.Authentication?.Method), ("username", target.Authentication?.Options.Username),
            ("timeout_secs", target.TimeoutSecs), ("max_retries", target.MaxRetries), ("weight", target.Weight == 1 ? null : target.Weight),
        ];
        var given = string.Join(", ", all.Where(p => p.Value is not null).Select(p => $"{p.Name} {p.Value}"));
        return given.Length == 0 ? target.Name : $"{target.Name}: {given}";
    }
}

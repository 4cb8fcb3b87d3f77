using Harmony.Core.Configuration;

namespace Harmony.Mesh.Cloud;

/// <summary>The cloud that steers a gateway: <c>[provider.NAME]</c> of the primary provider, or the older <c>[runbeam]</c>.</summary>
/// <param name="Provider">Its name.</param>
/// <param name="Api">Base URL of its API, with a slash at the end.</param>
/// <param name="PollInterval">Time between polls; zero for none.</param>
/// <param name="KeysFor">How long the keys of its users are kept.</param>
internal sealed record CloudSettings(string Provider, Uri Api, TimeSpan PollInterval, TimeSpan KeysFor)
{
    /// <summary>The variable that stands for the URL, before the files.</summary>
    public const string ApiVariable = "RUNBEAM_CLOUD_API_BASE_URL";

    /// <summary>The provider whose older form is a table of its own.</summary>
    public const string Runbeam = "runbeam";

    private const string DefaultApi = "https://api.runbeam.cloud";

    /// <summary>Whether a change of the cloud replaces what was edited here since the last push.</summary>
    public bool CloudWins { get; init; }

    /// <summary>Subjects of the users who may authorize the gateway; empty for every user that the cloud allows.</summary>
    public IReadOnlyList<string> AllowedUsers { get; init; } = [];

    /// <summary>The cloud of a configuration; null where no cloud steers it.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="environment">Looks an environment variable up.</param>
    public static CloudSettings? Of(ConfigSet config, Func<string, string?> environment)
        => Of(config, config.Providers.Bare(config.Proxy.PrimaryProvider), environment);

    /// <summary>A provider that is asked over the network; null where a name stands for none.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="name">The provider's name.</param>
    /// <param name="environment">Looks an environment variable up.</param>
    public static CloudSettings? Of(ConfigSet config, string name, Func<string, string?> environment)
    {
        if (name == ResourceReference.Local) return null;
        var section = config.Providers.Find(name, config.MainFile)?.Section;
        var legacy = name == Runbeam && section is null && config.Main.Runbeam is { Enabled: true } enabled ? enabled : null;
        if (section is null && legacy is null) return null;
        var text = section is not null ? section.Api : legacy!.CloudApiBaseUrl ?? DefaultApi;
        if (name == Runbeam && environment(ApiVariable) is { Length: > 0 } given) text = given;
        if (string.IsNullOrEmpty(text) || !Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var api) || api.Scheme is not ("http" or "https")
            || api.UserInfo.Length > 0) return null;
        return new CloudSettings(
            name, api, TimeSpan.FromSeconds(section?.PollIntervalSecs ?? legacy!.PollIntervalSecs), TimeSpan.FromHours(config.Proxy.JwksCacheDurationHours))
        {
            CloudWins = section?.OnConflict == "cloud",
            AllowedUsers = section?.AllowedUsers ?? [],
        };
    }
}

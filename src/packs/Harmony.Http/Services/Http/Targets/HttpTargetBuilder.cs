using System.Net.Security;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Http.Services.Targets;
using Harmony.Http.Tls;
using Microsoft.Extensions.Logging;

namespace Harmony.Http.Services.Http.Targets;

/// <summary>
/// Makes the targets of a backend; pools of connections and health are those of the configuration before where that asked for the same.
/// What is wrong goes to the context's problems.
/// </summary>
internal sealed class HttpTargetBuilder(HttpBackendOptions options, BackendContext context, ILogger logger)
{
    private const int DefaultTimeoutSecs = 30;

    private readonly TargetAddress _address = new(options, context);
    private readonly ClientTlsFiles _tls = new(
        new ClientTlsPaths(options, options.CaCertPath, options.ClientCertPath, options.ClientKeyPath), context, ClientTlsWords.Http);

    /// <summary>Whether one of the targets that were built takes HTTP/3.</summary>
    public bool UsesHttp3 { get; private set; }

    public HttpTarget? Build(TargetSettings settings)
    {
        if (_address.Of(settings) is not { } baseUrl) return null;
        var errorsBefore = CountErrors();
        var credentials = CredentialsOf(settings);
        var tls = new SslClientAuthenticationOptions();
        _tls.AddTo(tls, settings, baseUrl.Scheme == Uri.UriSchemeHttps);
        if (CountErrors() > errorsBefore) return null;
        UsesHttp3 |= VersionAsked(settings) == "3";
        return new HttpTarget(baseUrl, Pool(settings, baseUrl, tls))
        {
            Name = settings.Name,
            Described = settings.Name == context.Name ? $"the target of backend '{context.Name}'" : $"target '{settings.Name}' of backend '{context.Name}'",
            Weight = settings.Weight,
            Timeout = TimeSpan.FromSeconds(options.TimeoutSecs ?? settings.TimeoutSecs ?? DefaultTimeoutSecs),
            HasAuthentication = settings.Authentication is not null,
            Credentials = credentials,
            Health = Health(settings.Name, baseUrl),
        };
    }

    private int CountErrors() => context.Problems.Count(p => p.Severity == ConfigSeverity.Error);

    private TargetCredentials? CredentialsOf(TargetSettings settings)
    {
        if (TargetCredentials.From(settings.Authentication, context) is not { } credentials) return null;
        var twice = options.Headers.Keys.FirstOrDefault(name => name.Equals(credentials.Field, StringComparison.OrdinalIgnoreCase));
        if (twice is null) return credentials;
        context.Problems.Error(options.LocationOf("headers"), $"'headers' of backend '{context.Name}' sets '{twice}', which its authentication sets; keep one");
        return null;
    }

    private string Owner(string target) => $"{context.File}/backends.{context.Name}/{target}";

    private TargetPool Pool(TargetSettings target, Uri baseUrl, SslClientAuthenticationOptions tls)
    {
        var settings = new TargetPoolSettings(baseUrl.AbsoluteUri, options.ConnectTimeoutSecs, TargetPoolSettings.FingerprintOf(tls), VersionAsked(target))
        {
            UsesPlatformClient = options.Client == "platform",
            MaxConnections = options.MaxConnections,
        };
        return context.Environment.Carried.Get(Owner(target.Name), settings, () => TargetPool.Open(settings, tls, context.Environment.Clock));
    }

    private TargetHealth Health(string target, Uri baseUrl)
    {
        var (passive, check, isOnly) = (options.PassiveHealth, options.HealthCheck, context.Targets.Count == 1);
        // What active checks found means nothing to a configuration that checks otherwise, or not at all.
        var drain = context.Environment.Carried.Get(Owner(target), baseUrl.AbsoluteUri, () => new DrainSwitch());
        var tally = context.Environment.Carried.Get(Owner(target), baseUrl.AbsoluteUri, () => new TargetTally());
        var settings = (baseUrl.AbsoluteUri, isOnly, passive.MaxFailures, passive.EjectionSecs, check?.Path, check?.TimeoutSecs);
        return context.Environment.Carried.Get(
            Owner(target), settings,
            () => new TargetHealth(passive, context.Environment.Clock, new TargetNews(logger, context.Name, target, isOnly), drain, tally));
    }

    private string VersionAsked(TargetSettings settings)
        => options is { HttpVersion: "auto", BaseUrl: null } && settings.Connection?.Protocol is "h3" or "http3" ? "3" : options.HttpVersion;
}

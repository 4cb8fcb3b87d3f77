using Harmony.Core.Configuration;
using Harmony.Mesh.Cloud;

namespace Harmony.Gateway.Cloud;

/// <summary>The dealings with one cloud under one configuration.</summary>
/// <param name="Settings">Where the cloud is.</param>
/// <param name="Config">The configuration.</param>
/// <param name="Api">Asks the cloud.</param>
/// <param name="Tokens">Keeps the token.</param>
/// <param name="State">What is remembered.</param>
internal sealed record CloudSession(CloudSettings Settings, ConfigSet Config, RunbeamApi Api, TokenStore Tokens, CloudState State) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Api.Dispose();
}

/// <summary>How the last dealing with the cloud went.</summary>
/// <param name="At">When; null where there was none.</param>
/// <param name="IsGood">Whether the cloud answered.</param>
/// <param name="Message">What went wrong; empty where nothing did.</param>
internal sealed record CloudContact(DateTimeOffset? At, bool IsGood, string Message);

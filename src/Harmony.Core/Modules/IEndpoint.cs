namespace Harmony.Core.Modules;

/// <summary>Where requests enter: which of them are meant (its routes). <see cref="IShapingEndpoint"/> is one that changes them, too.</summary>
public interface IEndpoint
{
    /// <summary>The adapter that serves it: <c>http</c>, <c>dimse</c>.</summary>
    string Protocol { get; }

    /// <summary>The routes it claims, for protocols that route by path.</summary>
    IReadOnlyList<EndpointRoute> Routes { get; }

    /// <summary>Largest request body in bytes that it lets pass, streamed or not; null for no limit of its own.</summary>
    long? MaxBodySize => null;

    /// <summary>Encoded characters that it lets pass in paths although they are refused by default, e.g. <c>%2F</c>.</summary>
    Routing.PathOddities AllowedOddities => Routing.PathOddities.None;

    /// <summary>What it serves, a line each, where routes do not say it: for <c>harmony explain</c> and the banner. Nothing secret.</summary>
    IReadOnlyList<string> Words => [];
}

using Harmony.Dicom.Data.Uids;

namespace Harmony.Dicom.Network.Scp;

/// <summary>Which associations are accepted, and what in them. AE titles are compared as they are, without the spaces around them.</summary>
public sealed record NegotiationPolicy
{
    /// <summary>The AE titles of this system; others are rejected (1, 1, 7). Null: any.</summary>
    public IReadOnlySet<string>? CalledAeTitles { get; init; }

    /// <summary>The AE titles that may call; others are rejected (1, 1, 3). Null: any.</summary>
    public IReadOnlySet<string>? CallingAeTitles { get; init; }

    /// <summary>The SOP classes that are accepted besides those of <see cref="AcceptsAllStorage"/>. Null: those that the handlers there are can have use for.</summary>
    public IReadOnlySet<string>? SopClasses { get; init; }

    /// <summary>Whether every storage SOP class is accepted, private ones included. Default true; it means nothing without a handler for C-STORE or C-GET.</summary>
    public bool AcceptsAllStorage { get; init; } = true;

    /// <summary>
    /// The transfer syntaxes of stored objects: the first that the peer proposes of these is chosen. Private ones have to be named. Null: all that the standard has.
    /// Other services have the uncompressed ones of them.
    /// </summary>
    public IReadOnlyList<TransferSyntax>? TransferSyntaxes { get; init; }

    /// <summary>Whether the order of <see cref="TransferSyntaxes"/> decides, rather than that of the proposal. Default false.</summary>
    public bool PrefersOwnOrder { get; init; }
}

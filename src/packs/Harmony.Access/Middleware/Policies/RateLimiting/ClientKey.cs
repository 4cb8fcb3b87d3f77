using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Harmony.Access.Middleware.Policies.Matching;
using Harmony.Core.Envelope;
using Harmony.Core.Routing;

namespace Harmony.Access.Middleware.Policies.RateLimiting;

/// <summary>What tells clients apart: finds in a request a number of 128 bits that stands for its client.</summary>
/// <param name="Kind">What is looked at.</param>
/// <param name="Name">The field or claim.</param>
/// <param name="Ipv6Prefix">Leading bits of an IPv6 address that count.</param>
internal sealed record ClientKey(ClientKeyKind Kind, string Name, int Ipv6Prefix)
{
    private const string HeaderPrefix = "header:";

    private readonly UInt128 _mask = Ipv6Prefix == 128 ? UInt128.MaxValue : ~((UInt128.One << (128 - Ipv6Prefix)) - 1);

    /// <summary>In words: <c>by client</c>.</summary>
    public string Words => Kind switch
    {
        ClientKeyKind.Address => "of a client",
        ClientKeyKind.Header => $"with the same field {Name}",
        ClientKeyKind.Claim => $"of the same {Name}",
        ClientKeyKind.Path => "for a path",
        _ => "of all clients together",
    };

    /// <summary>Reads the option.</summary>
    public static bool TryParse(string text, int ipv6Prefix, [NotNullWhen(true)] out ClientKey? key)
    {
        key = text switch
        {
            "client" or "ip" => new ClientKey(ClientKeyKind.Address, "", ipv6Prefix),
            "path" => new ClientKey(ClientKeyKind.Path, "", ipv6Prefix),
            "all" => new ClientKey(ClientKeyKind.All, "", ipv6Prefix),
            _ when text.StartsWith(HeaderPrefix, StringComparison.Ordinal) && HeaderField.IsName(text.AsSpan(HeaderPrefix.Length))
                => new ClientKey(ClientKeyKind.Header, text[HeaderPrefix.Length..], ipv6Prefix),
            _ when text.IndexOf('.') is > 0 and var dot && dot < text.Length - 1 && !text.Contains(':') => new ClientKey(ClientKeyKind.Claim, text, ipv6Prefix),
            _ => null,
        };
        return key is not null;
    }

    /// <summary>The number of the request's client.</summary>
    public UInt128 Of(RequestEnvelope request) => Kind switch
    {
        ClientKeyKind.Header => request.Headers.TryGet(Name, out var value) ? Digest(value) : AddressOf(request),
        // The claim is established by an authentication step, or by a specification of the configuration; no client writes metadata.
        ClientKeyKind.Claim => (request.Identity?.Claim(Name) ?? MetadataOf(request)) is { } claim ? Digest(claim) : AddressOf(request),
        ClientKeyKind.Path => Digest(PathOf(request)),
        ClientKeyKind.All => UInt128.Zero,
        _ => AddressOf(request),
    };

    private string? MetadataOf(RequestEnvelope request) => request.Metadata.TryGetValue(Name, out var known) ? known : null;

    /// <summary>Requests without an address share one window.</summary>
    private UInt128 AddressOf(RequestEnvelope request)
    {
        if (request.ClientAddress is not { } address) return UInt128.Zero;
        var number = AddressNumber.Of(address);
        return AddressNumber.IsIPv4(number) ? number : number & _mask;
    }

    /// <summary>
    /// The path as most servers tell paths apart: without parameters and without a slash at the end, so that <c>/login;1</c> and
    /// <c>/login/</c> are no new paths. Shorter than the path only where there is something to leave out.
    /// </summary>
    private static ReadOnlySpan<char> PathOf(RequestEnvelope request)
    {
        var path = new PathReadings(request.Path).WithoutParameters;
        return path.Length > 1 ? path.TrimEnd('/') : path;
    }

    /// <summary>Half a SHA-256: as good as the text, of a fixed size, and no secret of a header stays in memory.</summary>
    private static UInt128 Digest(ReadOnlySpan<char> text)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(text), digest);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }
}

/// <summary>What a rate limit counts by.</summary>
internal enum ClientKeyKind
{
    /// <summary>The client's address.</summary>
    Address,

    /// <summary>A field of the request.</summary>
    Header,

    /// <summary>A claim of the authenticated identity.</summary>
    Claim,

    /// <summary>The whole canonical path.</summary>
    Path,

    /// <summary>All clients together.</summary>
    All,
}

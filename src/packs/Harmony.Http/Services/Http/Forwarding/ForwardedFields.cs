using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Harmony.Core.Envelope;
using Harmony.Http.Adapters.Http;

namespace Harmony.Http.Services.Http.Forwarding;

/// <summary>
/// <c>Forwarded</c> (RFC 7239), <c>X-Forwarded-*</c> and <c>Via</c>: whom the request is from. What a client says of itself is dropped;
/// what a trusted proxy says is kept and added to.
/// </summary>
internal static class ForwardedFields
{
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    /// <summary>Whether the field is written here, or says what only a trusted proxy may say, and so is not copied.</summary>
    public static bool LeavesOut(string name, bool fromTrustedProxy)
    {
        if (name.Length < 3) return false;
        return (name[0] | 0x20) switch
        {
            'x' => IsForwarded(name) ? !fromTrustedProxy || WritesForwarded(name) : !fromTrustedProxy && FieldSpelling.AreAlike(name, "X-Real-IP"),
            'f' => Is(name, "Forwarded"),
            'v' => Is(name, "Via"),
            _ => false,
        };
    }

    public static void AddTo(HeaderFields fields, RequestEnvelope request)
    {
        var trusted = request.ComesFromTrustedProxy;
        var peer = request.RemoteAddress?.ToString() ?? "unknown";
        var host = request.Host.Length == 0 ? "" : IsToken(request.Host) ? $";host={request.Host}" : $";host=\"{request.Host}\"";
        var element = string.Concat("for=", NodeOf(request.RemoteAddress), host, request.Scheme == "https" ? ";proto=https" : ";proto=http");

        var (addresses, elements) = trusted ? Told(request) : (null, null);
        fields.Add("X-Forwarded-For", Appended(addresses, peer));
        fields.Add("X-Forwarded-Proto", request.Scheme);
        if (request.Host.Length > 0) fields.Add("X-Forwarded-Host", request.Host);
        fields.Add("Forwarded", Appended(elements, element));
        fields.Add("Via", Appended(request.Headers.Combined("via"), request.ViaName.Length == 0 ? "1.1 harmony" : "1.1 " + request.ViaName));
    }

    /// <summary>
    /// What a trusted proxy tells of earlier hops: the field that counts as it is, and the other one made of it (RFC 7239 §7.4), for what
    /// the request has there may be the client's own.
    /// </summary>
    private static (string? Addresses, string? Elements) Told(RequestEnvelope request)
    {
        if (ForwardedHops.Read(request.Headers, request.ForwardedBy) is not { } hops) return (null, null);
        return request.ForwardedBy == ForwardingField.Forwarded
            ? (string.Join(", ", hops.Select(h => h.Address?.ToString() ?? "unknown")), request.Headers.Combined("forwarded"))
            : (request.Headers.Combined("x-forwarded-for"), string.Join(", ", hops.Select(h => $"for={NodeOf(h.Address)}")));
    }

    /// <summary>An address as RFC 7239 §6 writes it.</summary>
    private static string NodeOf(IPAddress? address)
        => address is null ? "unknown" : address.AddressFamily == AddressFamily.InterNetworkV6 ? $"\"[{address}]\"" : address.ToString();

    /// <summary>Any <c>X-Forwarded-*</c>, such as <c>-Prefix</c>. Servers of the CGI kind read underscores as hyphens.</summary>
    private static bool IsForwarded(string name)
        => name.Length > 12
        && name.AsSpan(2, 9).Equals("Forwarded", StringComparison.OrdinalIgnoreCase)
        && name[1] is '-' or '_'
        && name[11] is '-' or '_';

    private static bool WritesForwarded(string name) => name.AsSpan(12) switch
    {
        var last when last.Equals("For", StringComparison.OrdinalIgnoreCase) => true,
        var last when last.Equals("Proto", StringComparison.OrdinalIgnoreCase) => true,
        var last when last.Equals("Host", StringComparison.OrdinalIgnoreCase) => true,
        _ => false,
    };

    private static string Appended(string? list, string last) => string.IsNullOrEmpty(list) ? last : $"{list}, {last}";

    /// <summary>A host with a port or an IPv6 address is no token and is quoted.</summary>
    private static bool IsToken(string host) => !host.AsSpan().ContainsAnyExcept(TokenCharacters);

    private static bool Is(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);
}

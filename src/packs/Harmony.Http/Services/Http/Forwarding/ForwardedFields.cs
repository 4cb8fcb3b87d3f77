using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using System.Net;
using Harmony.Core.Diagnostics;
using Harmony.Core.Envelope;
using Harmony.Http.Adapters.Http;

namespace Harmony.Http.Services.Http.Forwarding;

/// <summary>
/// <c>Forwarded</c> (RFC 7239), <c>X-Forwarded-*</c> and <c>Via</c>: the client of the request. What a client says of itself is dropped;
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

/// <summary>
/// <c>traceparent</c> and <c>tracestate</c> (W3C Trace Context) of a request that is traced: the target's span becomes a child of ours. Those
/// of a request that is not traced are passed on as the client sent them.
/// </summary>
internal static class TraceFields
{
    private const string Parent = "traceparent";
    private const string State = "tracestate";

    public static bool Contains(string name)
        => (name.Length == Parent.Length && name.Equals(Parent, StringComparison.OrdinalIgnoreCase))
        || (name.Length == State.Length && name.Equals(State, StringComparison.OrdinalIgnoreCase));

    public static void AddTo(HeaderFields fields)
    {
        if (HarmonyTrace.Current is not { Id: { } id } span) return;
        fields.Add(Parent, id);
        if (!string.IsNullOrEmpty(span.TraceStateString)) fields.Add(State, span.TraceStateString);
    }
}

/// <summary><c>Max-Forwards</c> of OPTIONS and TRACE: how many more hops a request may make (RFC 9110 §7.6.2).</summary>
internal static class MaxForwards
{
    /// <summary>Reads a value; one that is no number limits nothing.</summary>
    public static bool TryParse(string? value, out uint left) => uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out left);

    /// <summary>The value for the next hop.</summary>
    public static string Next(string value) => TryParse(value, out var left) && left > 0 ? (left - 1).ToString(CultureInfo.InvariantCulture) : value;

    /// <summary>Whether the field is counted down for this method.</summary>
    public static bool AppliesTo(string method) => method is "OPTIONS" or "TRACE";
}

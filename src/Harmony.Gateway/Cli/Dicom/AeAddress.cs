using System.CommandLine.Parsing;
using System.Diagnostics.CodeAnalysis;

namespace Harmony.Gateway.Cli.Dicom;

/// <summary>Where a DICOM application is, and what it is called: <c>AET@host:port</c>.</summary>
/// <param name="AeTitle">1 to 16 characters.</param>
/// <param name="Host">A host name or an IP address, IPv6 without brackets.</param>
/// <param name="Port">1 to 65535.</param>
internal sealed record AeAddress(string AeTitle, string Host, int Port)
{
    /// <summary>The port that IANA has given DICOM.</summary>
    private const int DefaultPort = 104;

    private const int MaxTitle = 16;

    /// <summary>Reads an argument.</summary>
    public static AeAddress? Parse(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (TryParse(text, out var address, out var reason)) return address;
        result.AddError($"'{text}' {reason}");
        return null;
    }

    /// <summary>Reads an AE title that stands for itself.</summary>
    public static string? ParseTitle(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value.Trim(' ') : "";
        if (IsTitle(text)) return text;
        result.AddError($"'{text}' is no AE title: it has 1 to {MaxTitle} characters of ASCII, without backslash");
        return null;
    }

    /// <param name="text">What was typed.</param>
    /// <param name="address">What it means.</param>
    /// <param name="reason">What is wrong with it.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out AeAddress? address, out string reason)
    {
        address = null;
        reason = "is not of the form AET@host:port";
        var at = text.LastIndexOf('@');
        if (at < 0) return false;
        var title = text[..at].Trim(' ');
        if (!IsTitle(title))
        {
            reason = $"does not begin with an AE title: it has 1 to {MaxTitle} characters of ASCII, without backslash";
            return false;
        }

        var place = text[(at + 1)..];
        var colon = place.LastIndexOf(':');
        var port = DefaultPort;
        if (colon >= 0 && colon > place.LastIndexOf(']'))
        {
            if (!int.TryParse(place.AsSpan(colon + 1), out port) || port is < 1 or > 65535)
            {
                reason = "does not end with a port, 1 to 65535";
                return false;
            }

            place = place[..colon];
        }

        var host = place is ['[', .. var inner, ']'] ? inner : place;
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown) return false;
        address = new AeAddress(title, host, port);
        return true;
    }

    public override string ToString() => Host.Contains(':') ? $"{AeTitle}@[{Host}]:{Port}" : $"{AeTitle}@{Host}:{Port}";

    private static bool IsTitle(string text) => text.Length is > 0 and <= MaxTitle && text.All(c => c is >= ' ' and <= '~' and not '\\');
}

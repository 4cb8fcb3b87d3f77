using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Harmony.Http.Services.Http.Forwarding.Http1;

/// <summary>The text behind the status of a response (RFC 9112 §4). Only HTTP/1.1 has one.</summary>
internal static class ReasonPhrase
{
    private const int MaxLength = 128;

    /// <summary>The phrase as a string, where it is not the usual one, which the web server writes by itself.</summary>
    /// <returns>Null for the usual one, for none, and for one that holds other characters than visible ASCII and blanks.</returns>
    public static string? Of(int status, ReadOnlySpan<byte> phrase)
    {
        if (phrase.IsEmpty || phrase.Length > MaxLength || Ascii.Equals(phrase, ReasonPhrases.GetReasonPhrase(status))) return null;
        return phrase.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? null : Encoding.ASCII.GetString(phrase);
    }
}

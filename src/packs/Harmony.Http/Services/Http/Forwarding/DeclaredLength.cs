using System.Globalization;

namespace Harmony.Http.Services.Http.Forwarding;

/// <summary>What the <c>Content-Length</c> of an answer says.</summary>
internal static class DeclaredLength
{
    /// <summary>Reads a value. Several lengths are one when they agree (RFC 9110 §8.6).</summary>
    /// <param name="value">The value, of several lines joined by commas.</param>
    /// <param name="length">Bytes, 0 or more.</param>
    /// <returns>False where it is not one number.</returns>
    public static bool TryParse(string value, out long length)
    {
        length = -1;
        foreach (var range in value.AsSpan().Split(','))
        {
            var isNumber = long.TryParse(value.AsSpan(range).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var each);
            if (!isNumber || (length >= 0 && length != each)) return false;
            length = each;
        }

        return true;
    }
}

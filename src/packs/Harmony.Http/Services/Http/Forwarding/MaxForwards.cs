using System.Globalization;

namespace Harmony.Http.Services.Http.Forwarding;

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

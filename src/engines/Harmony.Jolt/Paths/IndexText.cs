using System.Globalization;

namespace Harmony.Jolt.Paths;

/// <summary>Array indexes as the keys that specs match them by.</summary>
internal static class IndexText
{
    private static readonly string[] Known = [.. Enumerable.Range(0, 1_000).Select(i => i.ToString(CultureInfo.InvariantCulture))];

    public static string Of(int index) => (uint)index < (uint)Known.Length ? Known[index] : index.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads an index; false for anything but a number from 0.</summary>
    public static bool TryParse(string text, out int index)
        => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out index) && index >= 0;
}

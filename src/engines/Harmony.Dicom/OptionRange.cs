using System.Runtime.CompilerServices;

namespace Harmony.Dicom;

/// <summary>Checks values of options where they are set, so that a mistake shows at once and names the option.</summary>
internal static class OptionRange
{
    private const int LeastPduLength = 4096, MostPduLength = 1024 * 1024;

    /// <summary>A time that passes, or <see cref="Timeout.InfiniteTimeSpan"/>.</summary>
    public static TimeSpan Time(TimeSpan value, [CallerMemberName] string option = "")
        => value > TimeSpan.Zero || value == Timeout.InfiniteTimeSpan ? value
        : throw new ArgumentOutOfRangeException(option, value, "expected a time above zero, or Timeout.InfiniteTimeSpan");

    public static int AtLeast(int least, int value, [CallerMemberName] string option = "")
        => value >= least ? value : throw new ArgumentOutOfRangeException(option, value, $"expected {least} or more");

    public static long AtLeast(long least, long value, [CallerMemberName] string option = "")
        => value >= least ? value : throw new ArgumentOutOfRangeException(option, value, $"expected {least} or more");

    /// <summary>A length that peers are told: PS3.8 annex D.1 leaves it open, and below 4 KiB headers would be most of what is sent.</summary>
    public static int PduLength(int value, [CallerMemberName] string option = "")
        => value is 0 or (>= LeastPduLength and <= MostPduLength) ? value
        : throw new ArgumentOutOfRangeException(option, value, $"expected {LeastPduLength} to {MostPduLength}, or 0 for no limit");
}

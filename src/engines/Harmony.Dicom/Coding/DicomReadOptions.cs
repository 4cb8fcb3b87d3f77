using Harmony.Dicom.Data;

namespace Harmony.Dicom.Coding;

/// <summary>
/// How far to read, and how much to believe. Every limit is checked before anything is allocated. A limit out of range is refused with
/// <see cref="ArgumentOutOfRangeException"/>.
/// </summary>
public sealed record DicomReadOptions
{
    /// <summary>The defaults, for data from anywhere.</summary>
    public static DicomReadOptions Default { get; } = new();

    /// <summary>
    /// Reading ends before the first element of the data set (not of its items) from this tag on; its value is not read. Default: none, all is read.
    /// </summary>
    public DicomTag? StopBefore { get; init; }

    /// <summary>
    /// Reading ends before the first element of the data set (not of its items) of another group, as meta information ends: PS3.10 §7.1. Null: any group.
    /// </summary>
    internal ushort? OnlyGroup { get; init; }

    /// <summary>
    /// Whether data that cannot be read to their end are read as far as they can: the result says in <see cref="DicomReadResult.Error"/> why it ends there.
    /// For people who look at what is left of a file or a stream; pipes are not read so. Default false: an error is thrown.
    /// </summary>
    public bool KeepsWhatWasRead { get; init; }

    /// <summary>
    /// Values longer than this stay where they are when the source is a file, as a <see cref="DicomBulkValue"/>. In bytes; default 64 KiB. 0 or more.
    /// </summary>
    public long BulkThreshold
    {
        get;
        init => field = OptionRange.AtLeast(0, value);
    } = 64 * 1024;

    /// <summary>The longest value that is taken into memory, in bytes. Default 512 MiB, at most 2 GiB - 64 KiB. At least 1.</summary>
    public int MaxValueLength
    {
        get;
        init => field = OptionRange.AtLeast(1, value);
    } = 512 * 1024 * 1024;

    /// <summary>What all values in memory together may take, in bytes. Default 1 GiB. At least 1.</summary>
    public long MaxMemory
    {
        get;
        init => field = OptionRange.AtLeast(1, value);
    } = 1024L * 1024 * 1024;

    /// <summary>The longest data set, in bytes, whether it stays in a file or not. Default 64 GiB. At least 1.</summary>
    public long MaxTotalLength
    {
        get;
        init => field = OptionRange.AtLeast(1, value);
    } = 64L * 1024 * 1024 * 1024;

    /// <summary>What a deflated data set may grow to, in bytes. Default 1 GiB. At least 1.</summary>
    public long MaxInflatedLength
    {
        get;
        init => field = OptionRange.AtLeast(1, value);
    } = 1024L * 1024 * 1024;

    /// <summary>How deep sequences may be nested. Default 64. At least 1.</summary>
    public int MaxDepth
    {
        get;
        init => field = OptionRange.AtLeast(1, value);
    } = 64;

    /// <summary>How many elements, items and fragments there may be altogether. Default 2 million. At least 1.</summary>
    public int MaxElements
    {
        get;
        init => field = OptionRange.AtLeast(1, value);
    } = 2_000_000;
}

/// <summary>Data cannot be read as DICOM. Messages name tags and positions, never values.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="position">Where, in bytes from the beginning (of the inflated data in a deflated data set); -1 if that is not known.</param>
/// <param name="cause">What was thrown first, if anything.</param>
public class DicomFormatException(string message, long position = -1, Exception? cause = null)
    : Exception(position < 0 ? message : $"{message} (at byte {position})", cause)
{
    /// <summary>Where, in bytes from the beginning; -1 if that is not known.</summary>
    public long Position { get; } = position;
}

/// <summary>Data ask for more than <see cref="DicomReadOptions"/> allow. Nothing was allocated for it.</summary>
/// <param name="message">Which limit.</param>
/// <param name="position">Where, in bytes from the beginning.</param>
public sealed class DicomLimitException(string message, long position) : DicomFormatException(message, position);

using Harmony.Core.Faults;

namespace Harmony.Core.Storage;

/// <summary>Tells a full disk, and a process that is short of file descriptors, from other trouble with files.</summary>
internal static class FileFault
{
    // errno of Linux, macOS and FreeBSD: no space; file too large for the limit or the file system; quota (two numbers).
    private const int NoSpace = 28, FileTooBig = 27, QuotaOfLinux = 122, QuotaOfBsd = 69;

    // errno: no descriptor left in the process (EMFILE), in the system (ENFILE).
    private const int TooManyFiles = 24, TooManyFilesInSystem = 23;

    private const int WindowsDiskFull = unchecked((int)0x80070070), WindowsHandleDiskFull = unchecked((int)0x80070027);

    /// <summary>The fault. Without the exception as its cause: that names the file, and so the patient, in the log.</summary>
    /// <param name="e">The exception of the file system.</param>
    /// <param name="root">The store's folder. Names of files stay out of messages: they hold patients' ids.</param>
    public static GatewayException Of(Exception e, string root) => e switch
    {
        IOException { HResult: NoSpace or FileTooBig or QuotaOfLinux or QuotaOfBsd or WindowsDiskFull or WindowsHandleDiskFull }
            => new GatewayException(FaultSource.Gateway, FaultKind.StorageFull, $"there is no room left in '{root}'", retryable: true),
        IOException { HResult: TooManyFiles or TooManyFilesInSystem }
            => new GatewayException(FaultSource.Gateway, FaultKind.Unavailable, "no file descriptors are left; raise the limit of open files (LimitNOFILE)",
                retryable: true),
        UnauthorizedAccessException => new GatewayException(FaultSource.Gateway, FaultKind.Internal, $"the gateway may not use '{root}': permission denied"),
        _ => new GatewayException(FaultSource.Gateway, FaultKind.Internal, $"'{root}' cannot be used: {e.GetType().Name} {e.HResult}"),
    };
}

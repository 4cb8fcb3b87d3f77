using System.CommandLine;
using Harmony.Core.Configuration;
using Harmony.Jmix;
using Harmony.Jmix.Packaging;

namespace Harmony.Gateway.Cli.Jmix;

/// <summary><c>harmony jmix</c>: builds, judges and opens JMIX packages.</summary>
internal static class JmixCommand
{
    public static Command Create() => new("jmix", "Build, check, sign, unpack and decrypt JMIX packages.")
    {
        JmixBuildCommand.Create(), JmixReportCommands.CreateValidate(), JmixReportCommands.CreateDoctor(),
        JmixUnpackCommands.CreateUnpack(), JmixUnpackCommands.CreateDecrypt(), JmixKeygenCommand.Create(), JmixSignCommand.Create(),
    };

    /// <summary>Runs a command; what a person can mend is one line on standard error and exit code 1.</summary>
    public static async Task<int> RunAsync(InvocationConfiguration console, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (JmixException e)
        {
            await console.Error.WriteLineAsync(e.Message);
        }
        catch (Exception e) when (Readable.IsReadFailure(e))
        {
            await console.Error.WriteLineAsync(Readable.Reason(e));
        }

        return 1;
    }

    /// <summary>Reads a key file of at most a few kilobytes.</summary>
    public static byte[] ReadKey(string path)
    {
        var info = new FileInfo(path);
        if (info.Exists && info.Length > 4096) throw new JmixException(JmixFault.BadKey, $"{path}: a key has at most 4096 bytes");
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (Readable.IsReadFailure(e))
        {
            throw new JmixException(JmixFault.BadKey, $"{path}: {Readable.Reason(e)}", e);
        }
    }

    /// <summary>The sink that the name of a target asks for: <c>.zip</c>, <c>.tar.gz</c>, else a folder.</summary>
    /// <param name="path">The target; must not exist.</param>
    /// <param name="stores">Files are stored as they are instead of compressed.</param>
    /// <param name="file">The file behind the sink, to be disposed after it; null for a folder.</param>
    public static PackageSink Sink(string path, bool stores, out FileStream? file)
    {
        file = null;
        var level = stores ? (System.IO.Compression.CompressionLevel?)null : System.IO.Compression.CompressionLevel.Fastest;
        if (path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase)) return new ZipSink(file = New(path), level);
        if (path.EndsWith(".tar.gz", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".tgz", StringComparison.OrdinalIgnoreCase))
            return new TarSink(file = New(path), System.IO.Compression.CompressionLevel.Fastest);
        return new FolderSink(path);
    }

    private static FileStream New(string path) => new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 128 * 1024, FileOptions.Asynchronous);
}

using System.Diagnostics;
using System.Text;
using Harmony.Age;
using Harmony.Core.Configuration;
using Harmony.Core.Storage;

namespace Harmony.Mesh.Cloud;

/// <summary>
/// What the token's file is encrypted with, looked for in this order: <c>RUNBEAM_ENCRYPTION_PASSPHRASE</c>, <c>RUNBEAM_ENCRYPTION_KEY</c>, the keyring of the
/// system (Secret Service, by the program <c>secret-tool</c>), a file beside the token. Where there is none a key is made, for the keyring if there is one.
/// </summary>
/// <param name="folder">Where the file is.</param>
/// <param name="environment">Looks an environment variable up.</param>
internal sealed class TokenKey(string folder, Func<string, string?> environment)
{
    /// <summary>The variable that holds a key of age: as <c>age-keygen</c> writes it, or that, or its 32 bytes, in base64.</summary>
    public const string KeyVariable = "RUNBEAM_ENCRYPTION_KEY";

    /// <summary>The variable that holds a passphrase.</summary>
    public const string PassphraseVariable = "RUNBEAM_ENCRYPTION_PASSPHRASE";

    private const string Program = "secret-tool";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private string KeyFile => Path.Combine(folder, "key");

    /// <summary>The key that there is; null where there is none.</summary>
    /// <exception cref="TokenStoreException">The existing key cannot be used.</exception>
    public AgeSecret? Find()
    {
        if (environment(PassphraseVariable) is { Length: > 0 } passphrase) return new AgePassphrase(passphrase);
        if (environment(KeyVariable) is { Length: > 0 } given) return Read(given, KeyVariable);
        if (AskKeyring("lookup", null) is { Length: > 0 } kept) return Read(kept, "the keyring");
        return OwnFile.Read(KeyFile) is { } file ? Read(Encoding.UTF8.GetString(file), $"'{KeyFile}'") : null;
    }

    /// <summary>The existing key, or a new key, which is kept.</summary>
    /// <exception cref="TokenStoreException">The existing key cannot be used, or a new key cannot be kept.</exception>
    public AgeSecret FindOrMake()
    {
        if (Find() is { } known) return known;
        var made = AgeKey.Generate();
        Keep(made);
        return made;
    }

    /// <summary>Replaces the key that was made here by another key. Keys in environment variables keep their precedence.</summary>
    public void Keep(AgeKey key)
    {
        if (AskKeyring("store", key.Identity) is not null) return;
        OwnFile.Write(KeyFile, Encoding.ASCII.GetBytes($"# public key: {key.Recipient}\n{key.Identity}\n"));
    }

    /// <summary>Forgets the key that was made here.</summary>
    public void Forget()
    {
        AskKeyring("clear", null);
        if (File.Exists(KeyFile)) File.Delete(KeyFile);
    }

    /// <summary>Reads a key in any of its forms.</summary>
    /// <exception cref="TokenStoreException">The environment has no key.</exception>
    public static AgeKey Read(string text, string where)
    {
        try
        {
            if (text.Contains("AGE-SECRET-KEY-", StringComparison.OrdinalIgnoreCase)) return AgeKey.Parse(text);
            var bytes = Convert.FromBase64String(text.Trim());
            return bytes.Length == 32 ? AgeKey.Of(bytes) : AgeKey.Parse(Encoding.UTF8.GetString(bytes));
        }
        catch (Exception e) when (e is AgeException or FormatException)
        {
            throw new TokenStoreException($"{where} contains no age key; write AGE-SECRET-KEY-1… as 'age-keygen' makes it, or the same in base64", e);
        }
    }

    /// <summary>Asks the Secret Service; null where there is none, or it does not do it in time.</summary>
    private string? AskKeyring(string verb, string? secret)
    {
        if (string.IsNullOrEmpty(environment("DBUS_SESSION_BUS_ADDRESS")) || Find(Program) is not { } program) return null;
        string[] attributes = ["service", "harmony-gateway", "state", folder];
        var start = new ProcessStartInfo(program, verb == "store" ? [verb, "--label=Harmony gateway", .. attributes] : [verb, .. attributes])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            if (secret is not null) process.StandardInput.Write(secret);
            process.StandardInput.Close();
            if (!process.WaitForExit(Patience))
            {
                process.Kill(); // a keyring that waits for somebody to unlock it
                return null;
            }

            return process.ExitCode == 0 ? process.StandardOutput.ReadToEnd().Trim() : null; // a key, which a pipe holds
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException or InvalidOperationException)
        {
            return null;
        }
    }

    private string? Find(string program)
        => (environment("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(f => Path.Combine(f, program))
            .FirstOrDefault(File.Exists);
}

/// <summary>Files that only the gateway's user may read.</summary>
internal static class OwnFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>The bytes; null where there is no file.</summary>
    /// <exception cref="TokenStoreException">Others may read or write it, or it cannot be read.</exception>
    public static byte[]? Read(string path)
    {
        try
        {
            if (!File.Exists(path)) return null;
            if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(path) is var mode && (mode & Others) != UnixFileMode.None)
            {
                throw new TokenStoreException(
                    $"'{path}' may be read by others (mode {Convert.ToString((int)mode, 8).PadLeft(4, '0')}), so it is not used; run: chmod 600 '{path}'");
            }

            return BoundedFile.Read(path);
        }
        catch (Exception e) when (Readable.IsReadFailure(e))
        {
            throw new TokenStoreException($"cannot read '{path}': {Readable.Reason(e)}", e);
        }
    }

    /// <summary>Writes a file, and the folders above it, for the gateway's user only.</summary>
    /// <exception cref="TokenStoreException">It cannot be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        try
        {
            StorageFolder.Create(Path.GetDirectoryName(path)!);
            AtomicFile.Write(path, content, OwnerOnly);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TokenStoreException($"cannot write '{path}': {Readable.Reason(e)}", e);
        }
    }
}

/// <summary>The token cannot be kept or had. The message says what to do and holds no secret.</summary>
/// <param name="message">Why.</param>
/// <param name="inner">What lies behind it.</param>
internal sealed class TokenStoreException(string message, Exception? inner = null) : Exception(message, inner);

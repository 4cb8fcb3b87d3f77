using System.Security.Cryptography;
using System.Text;
using Harmony.Core.Configuration;
using Harmony.Core.Storage;

namespace Harmony.Gateway.Management.Access;

/// <summary>What an operator shows to change something: <c>token</c> of <c>[management]</c>, or one that the gateway made and keeps in its storage.</summary>
internal sealed class AdminToken
{
    private const int Bytes = 32;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly byte[] _hash;

    private AdminToken(string token) => _hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>The file of the token that the gateway makes, absolute; null where its storage cannot keep one.</summary>
    public static string? FileOf(ConfigSet config) => StorageFolder.Of(config, "management") is { } folder ? Path.Combine(folder, "token") : null;

    /// <summary>The token of the configuration, or the one that is kept.</summary>
    /// <param name="config">The configuration.</param>
    /// <returns>The token itself; null where there is none.</returns>
    /// <exception cref="IOException">Its file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Its file may not be read.</exception>
    public static string? Read(ConfigSet config)
    {
        if (config.Management.Token is { } configured) return configured;
        if (FileOf(config) is not { } file || !File.Exists(file)) return null;
        var kept = File.ReadAllText(file).Trim();
        return kept.Length >= ManagementSection.MinTokenLength ? kept : null;
    }

    /// <summary>The token that is there, or a new one that is kept.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="onMade">Is told the file of a new one.</param>
    /// <returns>The token; null where none can be kept.</returns>
    /// <exception cref="IOException">Its file cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">Its file may not be read or written.</exception>
    public static AdminToken? ReadOrMake(ConfigSet config, Action<string> onMade)
    {
        if (Read(config) is { } known) return new AdminToken(known);
        if (FileOf(config) is not { } file) return null;
        var made = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));
        StorageFolder.Create(Path.GetDirectoryName(file)!);
        AtomicFile.Write(file, Encoding.ASCII.GetBytes(made + "\n"), OwnerOnly);
        onMade(file);
        return new AdminToken(made);
    }

    /// <summary>Whether a text is this token, compared in constant time.</summary>
    public bool IsShownBy(ReadOnlySpan<char> shown) => CryptographicOperations.FixedTimeEquals(_hash, SHA256.HashData(Encoding.UTF8.GetBytes(shown.ToArray())));

    /// <summary>Never the token.</summary>
    public override string ToString() => nameof(AdminToken);
}

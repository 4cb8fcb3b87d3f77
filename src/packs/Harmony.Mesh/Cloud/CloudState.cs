using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Harmony.Core.Configuration;

namespace Harmony.Mesh.Cloud;

/// <summary>The report about a change, until the cloud has accepted it.</summary>
/// <param name="Id">The change.</param>
/// <param name="IsApplied">Whether it runs.</param>
/// <param name="Error">Why not; empty where it does.</param>
/// <param name="Details">One line for each problem.</param>
internal sealed record CloudReport(string Id, bool IsApplied, string Error, IReadOnlyList<string> Details);

/// <summary>A change that is being applied.</summary>
/// <param name="Id">The change.</param>
/// <param name="Files">SHA-256 of each file as the change wants it, by absolute path.</param>
internal sealed record ChangeUnderWay(string Id, IReadOnlyDictionary<string, string> Files);

/// <summary>The result of the last change.</summary>
/// <param name="Id">The change.</param>
/// <param name="Type">Type of the change.</param>
/// <param name="At">When.</param>
/// <param name="Result"><c>applied</c>, <c>failed</c> or <c>conflict</c>.</param>
/// <param name="Error">Why not; empty where it runs.</param>
internal sealed record LastChange(string Id, string Type, DateTimeOffset At, string Result, string Error);

/// <summary>The stored state of a gateway's connection to its cloud. It is on the disk before other actions depend on it.</summary>
internal sealed record CloudMemory
{
    /// <summary>SHA-256 of each file as both sides know it, by absolute path: as it was pushed, or came.</summary>
    public IReadOnlyDictionary<string, string> Shared { get; init; } = new Dictionary<string, string>();

    /// <summary>The change that was being applied when the process ended, if it did.</summary>
    public ChangeUnderWay? UnderWay { get; init; }

    /// <summary>Reports that the cloud has not accepted yet, oldest first.</summary>
    public IReadOnlyList<CloudReport> Reports { get; init; } = [];

    /// <summary>The last change.</summary>
    public LastChange? Last { get; init; }

    /// <summary>When the configuration was last pushed.</summary>
    public DateTimeOffset? PushedAt { get; init; }
}

/// <summary>Keeps what a gateway remembers in a file of its storage; in memory where that cannot keep anything.</summary>
/// <param name="folder">Where the file is; null for memory.</param>
internal sealed class CloudState(string? folder)
{
    private CloudMemory? _memory;

    private string? StateFile => folder is null ? null : Path.Combine(folder, "state.json");

    /// <summary>The stored state.</summary>
    /// <exception cref="TokenStoreException">The file is not the gateway's own.</exception>
    public CloudMemory Memory => _memory ??= Read();

    /// <summary>Remembers something else.</summary>
    /// <exception cref="TokenStoreException">It cannot be written.</exception>
    public void Change(Func<CloudMemory, CloudMemory> change)
    {
        var next = change(Memory);
        if (StateFile is { } file) OwnFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(next));
        _memory = next;
    }

    /// <summary>Forgets everything.</summary>
    public void Forget()
    {
        if (StateFile is { } file && File.Exists(file)) File.Delete(file);
        _memory = new CloudMemory();
    }

    /// <summary>Whether a file here is not as both sides know it, and not as the cloud wants it either.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="wanted">What the cloud wants there.</param>
    public bool IsEditedHere(string path, string wanted)
    {
        var now = HashOf(path);
        return now != Memory.Shared.GetValueOrDefault(path) && now != HashOf(Encoding.UTF8.GetBytes(wanted));
    }

    /// <summary>SHA-256 of a file; null where there is none.</summary>
    public static string? HashOf(string path) => File.Exists(path) ? HashOf(BoundedFile.Read(path)) : null;

    /// <summary>SHA-256 in hexadecimal.</summary>
    public static string HashOf(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private CloudMemory Read()
    {
        if (StateFile is not { } file || OwnFile.Read(file) is not { } bytes) return new CloudMemory();
        try
        {
            return JsonSerializer.Deserialize<CloudMemory>(bytes) ?? new CloudMemory();
        }
        catch (JsonException)
        {
            return new CloudMemory(); // written atomically, so somebody else has written it
        }
    }
}

namespace Harmony.Core.Storage;

/// <summary>An object that was opened.</summary>
/// <param name="Content">Its bytes; disposed by who opened it.</param>
/// <param name="Length">How many there are.</param>
public sealed record StoredObject(Stream Content, long Length);

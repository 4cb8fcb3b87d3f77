namespace Harmony.Core.Storage;

/// <summary>What became of an object that was to be written.</summary>
/// <param name="Name">The name it can be read by.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="WasThere">Whether nothing was written, because it was there already or another one of its name was to stay.</param>
public readonly record struct WrittenObject(ObjectName Name, long Length, bool WasThere);

namespace Harmony.Core.Runtime;

/// <summary>Finds a state again after a reload.</summary>
/// <param name="Type">The state's type.</param>
/// <param name="Owner">Whose it is: <c>main.toml/access/internal/per_minute</c>.</param>
/// <param name="Settings">What it was made for, compared by value: with other settings a new state begins.</param>
internal readonly record struct CarriedKey(Type Type, string Owner, object? Settings);

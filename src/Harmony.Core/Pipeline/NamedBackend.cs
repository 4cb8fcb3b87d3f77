using Harmony.Core.Modules;

namespace Harmony.Core.Pipeline;

/// <summary>A backend with the name its configuration gives it.</summary>
internal readonly record struct NamedBackend(string Name, IBackend Backend);

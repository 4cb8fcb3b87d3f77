using System.Runtime.InteropServices;

namespace Harmony.Core.Configuration.Toml;

/// <summary>A place that a <see cref="TomlCursor"/> can return to.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TomlMark(int Position, int Line, int Column);

namespace Harmony.Access.Tests;

/// <summary>Tests that look at the whole process, and so run when no others do.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;

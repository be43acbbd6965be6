#!/bin/sh
# Builds the program of benches/gpu for NVIDIA GPUs where there is none, and lays it out with what it
# needs on a machine with one:
#
#   benches/gpu/build.sh TOOLKIT KIT [PICTURES]
#
# TOOLKIT: a folder for NVIDIA's compiler and libraries; where it is empty, they are fetched from the
#   Python package index (650 MB, about 2 GB unpacked).
# KIT: a folder to be made, at most 64 MiB: the program, fixtures, scripts and JPEGs. On the machine:
#   python KIT/measure.py --program KIT/gpu --fixtures KIT/fixtures --pictures KIT/pictures
# PICTURES: a folder of JPEGs; those of the demo where none is named.
#
# CUDA_COMPUTE_CAP says for which GPUs, 90 (H100, H200) where it is not set. Needs python3 with pip,
# a C++ compiler and unzip. candle loads CUDA's libraries when the program starts: on the machine
# their folders have to be on LD_LIBRARY_PATH (measure.py finds those of PyTorch).
set -eu

[ $# -ge 2 ] || { sed -n '2,18s/^# \{0,1\}//p' "$0"; exit 2; }
repository=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$1"
toolkit=$(cd "$1" && pwd)
kit=$2
pictures=${3:-$repository/src/cli/demo}
[ ! -e "$kit" ] || { echo "$kit is there already" >&2; exit 1; }
cuda=$toolkit/nvidia/cu13

fetch() {
    python3 -m pip download --no-deps --only-binary :all: --dest "$toolkit/wheels" \
        'nvidia-cuda-nvcc==13.0.*' 'nvidia-nvvm==13.0.*' 'nvidia-cuda-crt==13.0.*' \
        'nvidia-cuda-runtime==13.0.*' 'nvidia-cuda-cccl==13.0.*' 'nvidia-cuda-nvrtc==13.0.*' \
        'nvidia-curand==10.4.0.*' 'nvidia-cublas==13.1.*' 'nvidia-cuda-profiler-api==13.0.*'
    for wheel in "$toolkit"/wheels/*.whl; do
        unzip -qo "$wheel" -d "$toolkit"
    done
    rm -r "$toolkit/wheels"
    chmod +x "$cuda"/bin/* "$cuda"/nvvm/bin/*
    ln -sfn lib "$cuda/lib64"
}

# Names without a version, which the linker looks for.
link_names() {
    for name in cublas.so.13 cublasLt.so.13 cudart.so.13 nvrtc.so.13 curand.so.10; do
        ln -sf "lib$name" "$cuda/lib/lib${name%.*}"
    done
}

# The driver's library comes with a driver: here an empty one with the same names.
stub_driver() {
    mkdir -p "$cuda/lib/stubs"
    echo '#include <cuda.h>' | gcc -E -I "$cuda/include" - |
        grep -oE '\bcu[A-Z][A-Za-z0-9_]*[[:space:]]*\(' | tr -d ' (' | sort -u |
        sed 's/.*/void &(void) {}/' > "$cuda/lib/stubs/cuda.c"
    gcc -shared -fPIC -w -Wl,-soname,libcuda.so.1 -o "$cuda/lib/stubs/libcuda.so" \
        "$cuda/lib/stubs/cuda.c"
}

build() {
    export CUDA_HOME="$cuda" CUDA_PATH="$cuda" CUDA_ROOT="$cuda"
    export CUDA_COMPUTE_CAP="${CUDA_COMPUTE_CAP:-90}" CUDARC_CUDA_VERSION=13000
    export PATH="$cuda/bin:$PATH" LIBRARY_PATH="$cuda/lib:$cuda/lib/stubs"
    cd "$repository"
    cargo bench --locked -p seer-encoders --features cuda --bench gpu --no-run --message-format json |
        sed -n 's/.*"name":"gpu".*"executable":"\([^"]*\)".*/\1/p' | tail -1
}

pack() {
    mkdir -p "$kit/fixtures" "$kit/pictures"
    cp "$1" "$kit/gpu"
    strip "$kit/gpu"
    cp "$repository"/benches/gpu/*.py "$kit"
    for expected in "$repository"/tests/fixtures/*/expected.safetensors; do
        cp -r "$(dirname "$expected")" "$kit/fixtures"
    done
    find "$pictures" -maxdepth 2 \( -name '*.jpg' -o -name '*.jpeg' \) -size -2M | head -100 | while read -r picture; do
        cp "$picture" "$kit/pictures"
    done
    size=$(du -sm "$kit" | cut -f1)
    echo "$kit: $size MiB, $(find "$kit/pictures" -type f | wc -l) pictures"
    [ "$size" -le 64 ] || { echo "too large: name fewer PICTURES" >&2; exit 1; }
}

[ -x "$cuda/bin/nvcc" ] || fetch
link_names
stub_driver
program=$(build)
[ -n "$program" ] || { echo "cargo built no program" >&2; exit 1; }
pack "$program"
